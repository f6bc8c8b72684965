import { expect, test } from 'vitest'
import type { SystemLine } from '../../server/contract/messages.ts'
import { textsIn } from '../texts/texts.ts'
import { lineText } from './system-line.ts'

const actor = 'Anna Nowak'
const rows: [SystemLine, string, string][] = [
  [
    { event: 'renamed', actor, name: 'Zarząd {{name}} <b>' },
    'Anna Nowak zmienia nazwę grupy na „Zarząd {{name}} <b>”',
    'Anna Nowak renamed the group to “Zarząd {{name}} <b>”',
  ],
  [
    { event: 'described', actor },
    'Anna Nowak zmienia opis grupy',
    'Anna Nowak changed the group description',
  ],
  [
    { event: 'added', actor, members: ['Ewa', 'Jan, junior'] },
    'Anna Nowak dodaje do grupy: Ewa, Jan, junior',
    'Anna Nowak added Ewa, Jan, junior',
  ],
  [{ event: 'removed', actor, member: 'Ewa' }, 'Anna Nowak usuwa z grupy: Ewa', 'Anna Nowak removed Ewa'],
  [{ event: 'left', member: 'Ewa' }, 'Ewa opuszcza grupę', 'Ewa left the group'],
  [{ event: 'took_over', member: 'Ewa' }, 'Grupę przejmuje Ewa', 'Ewa now owns the group'],
]

test.each(rows)('%j is said in the language of whoever reads it', (line, polish, english) => {
  expect(lineText(line, textsIn('pl'))).toBe(polish)
  expect(lineText(line, textsIn('en'))).toBe(english)
})
