import type { SystemLine } from '../../server/contract/messages.ts'
import type { Texts } from '../texts/texts.ts'

/**
 * The text of a system line. Polish uses the present tense and names in the nominative, which need neither a person's
 * gender nor the declension of names.
 */
export function lineText(line: SystemLine, t: Texts): string {
  const { event, ...names } = line
  if (event === 'added') return t('line.added', { actor: line.actor, members: line.members.join(', ') })
  return t(`line.${event}`, names as Record<string, string>)
}
