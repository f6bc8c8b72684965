import type { Texts } from '../texts/texts.ts'
import { firstName } from './avatar.ts'

/** Without a name in a 1:1. */
export function typingWords(names: string[], isGroup: boolean, t: Texts): string {
  const [first, second, third] = names.map(firstName)
  if (!first) return ''
  if (!isGroup) return t('typing.one')
  if (third) return t('typing.several', { count: names.length })
  return second ? t('typing.two', { first, second }) : t('typing.named', { name: first })
}
