import { tableLines } from '../terminal/table.ts'
import type { Report } from './report.ts'

const endings = {
  moved: 'The inbox has been moved. The old tables are unchanged.',
  'dry run': 'This was a dry run: nothing was stored.',
  undone: 'What had been moved is removed. The old tables are unchanged.',
  'undone in a dry run': 'This was a dry run: nothing was changed.',
} as Record<Report['outcome'], string>

/** Notes that are printed; the report file contains all of them. */
const maxNotes = 20

/** The report in readable form: figures, notes, checks, and the outcome. */
export function print(report: Report): string {
  return [
    ...tableLines(
      Object.entries(report.figures).map(([name, count]) => [name.replaceAll('_', ' '), number(count)]),
      isNumber,
    ),
    ...notes(report),
    ...checks(report),
    ...report.reasons,
    ending(report),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function ending({ outcome, figures }: Report): string {
  const isNothing = figures.private_messages === 0 && figures.group_messages === 0
  return isNothing ? 'There was nothing new to move.' : (endings[outcome] ?? '')
}

function notes({ notes }: Report): string[] {
  if (notes.length === 0) return []
  const shown = notes.slice(0, maxNotes).map(({ table, id, reason }) => `  ${table} ${id} ${reason}`)
  const rest = notes.length - shown.length
  return [
    '',
    'Changed on the way:',
    ...shown,
    ...(rest > 0 ? [`  and ${number(rest)} more; --report FILE has them all`] : []),
  ]
}

function checks({ checks }: Report): string[] {
  if (checks.length === 0) return []
  const rows = checks.map(({ name, before, after, holds }) => [
    name,
    number(before),
    number(after),
    holds ? 'ok' : 'WRONG',
  ])
  return ['', ...tableLines([['check', 'before', 'after', ''], ...rows], isNumber), '']
}

const number = (value: number) => value.toLocaleString('en')
const isNumber = (column: number) => column > 0
