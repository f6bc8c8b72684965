import type { SystemLine } from '../../server/contract/messages.ts'
import type { Texts } from '../texts/texts.ts'

/**
 * A system line in words. In Polish they are in the present tense, with names in the nominative, so as to need neither
 * anybody's gender nor how a name is declined.
 */
export function lineText(line: SystemLine, t: Texts): string {
  const { event, ...names } = line
  if (event === 'added') return t('line.added', { actor: line.actor, members: line.members.join(', ') })
  return t(`line.${event}`, names as Record<string, string>)
}
