import type { SystemLine } from '../../server/contract/messages.ts'
import type { Texts } from '../texts/texts.ts'

/**
 * The text of a system line. Polish uses the present tense and names in the nominative, which need neither a person's
 * gender nor the declension of names.
 */
export function lineText(line: SystemLine, t: Texts): string {
  switch (line.event) {
    case 'renamed':
      return t('line.renamed', { actor: line.actor, name: line.name })
    case 'described':
      return t('line.described', { actor: line.actor })
    case 'added':
      return t('line.added', { actor: line.actor, members: line.members.join(', ') })
    case 'removed':
      return t('line.removed', { actor: line.actor, member: line.member })
    case 'left':
      return t('line.left', { member: line.member })
    case 'took_over':
      return t('line.took_over', { member: line.member })
  }
}
