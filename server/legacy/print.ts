import { tableLines } from '../terminal/table.ts'
import type { Report } from './report.ts'

const endings = {
  moved: 'The inbox is moved. The old tables are as they were.',
  'dry run': 'A dry run: it would go like this, and nothing was kept.',
  undone: 'What was moved is removed. The old tables are as they were.',
  'undone in a dry run': 'A dry run: it would be undone like this, and nothing was changed.',
} as Record<Report['outcome'], string>

/** Notes that are printed; the report has them all. */
const maxNotes = 20

/** The report for people to read: figures, what is not as it was, checks, and how it ended. */
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
    'Not as it was:',
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
