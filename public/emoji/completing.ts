import { Delta } from 'quill/core.js'
import listTemplate from '../../views/emoji/list.eta'
import { fold } from '../../views/people/names.ts'
import type { Found } from '../completion/source.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'
import { groups } from './all.ts'
import { type Emoji, findEmoji, isNamed } from './catalogue.ts'
import { recentEmoji, rememberEmoji } from './recent.ts'

const maxShown = 8

/** What may be meant by a name that was begun. */
export function found(typed: string): Found | undefined {
  const wanted = typed.replaceAll('_', ' ')
  const emoji = findEmoji(groups, wanted, recentEmoji()).slice(0, maxShown)
  if (emoji.length === 0) return undefined
  const shown = emoji.map((each) => ({ ...each, why: wordIn(each, wanted) }))
  return {
    count: emoji.length,
    html: renderTemplate(listTemplate, { emoji: shown }),
    said: reader.t('emoji.found', { count: emoji.length }),
    choose: (index) => {
      const chosen = emoji[index]!.emoji
      rememberEmoji(chosen)
      return new Delta().insert(chosen)
    },
  }
}

/** The one whose name was written out. */
export function named(typed: string): string | undefined {
  const wanted = typed.replaceAll('_', ' ')
  const [best] = findEmoji(groups, wanted, recentEmoji())
  return best && isNamed(best, wanted) ? best.emoji : undefined
}

/** The search word that was meant, where the name does not have it. */
function wordIn({ label, sought }: Emoji, wanted: string): string {
  const [first = ''] = fold(wanted).split(' ')
  if (fold(label).includes(first)) return ''
  return sought.split(/[^\p{L}\p{N}]+/u).find((word) => fold(word).startsWith(first)) ?? ''
}
