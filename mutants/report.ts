import { tableLines } from '../server/terminal/table.ts'
import { equivalents } from './equivalents.ts'
import type { Mutant } from './find.ts'
import type { Verdict } from './judge.ts'

export interface Judged {
  mutant: Mutant
  verdict: Verdict
}

type Outcome = Verdict['outcome'] | 'equivalent'

/** An equivalent that a test does see is none. */
export const outcomeOf = ({ mutant, verdict }: Judged): Outcome =>
  verdict.outcome === 'survived' && isEquivalent(mutant) ? 'equivalent' : verdict.outcome

const isEquivalent = (mutant: Mutant) =>
  equivalents.some(
    ([file, code, fault]) => file === mutant.file && code === mutant.code && fault === faultOf(mutant),
  )

/** What is written in place of what, on one line: as the list of equivalents names it. */
export const faultOf = ({ original, replacement }: Mutant): string =>
  `${oneLine(original)} → ${oneLine(replacement)}`

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}

const count = (judged: Judged[], outcome: Outcome) =>
  judged.filter((each) => outcomeOf(each) === outcome).length

/** Of those that a test could have seen, how many one did; from 0 to 1. */
export function score(judged: Judged[]): number {
  const [killed, survived] = [count(judged, 'killed'), count(judged, 'survived')]
  return killed / Math.max(1, killed + survived)
}

/** The table by folder, and who survived. */
export function report(judged: Judged[]): string {
  const byFolder = Map.groupBy(judged, ({ mutant }) => mutant.folder)
  const head = ['folder', 'mutants', 'killed', 'survived', 'invalid', 'equivalent', 'score']
  const rows = [...byFolder, ['all', judged] as const].map(([folder, own]) => row(folder, own))
  return `\n${tableLines([head, ...rows], (column) => column > 0).join('\n')}\n\n${survivors(judged)}`
}

const row = (folder: string, judged: Judged[]): string[] => [
  folder,
  `${judged.length}`,
  ...(['killed', 'survived', 'invalid', 'equivalent'] as const).map((outcome) => `${count(judged, outcome)}`),
  `${Math.round(score(judged) * 100)} %`,
]

const survivors = (judged: Judged[]): string =>
  judged
    .filter((each) => outcomeOf(each) === 'survived')
    .map(({ mutant, verdict }) => {
      const why = verdict.tests.length === 0 ? ' (no test comes by)' : ''
      return `${mutant.file}:${mutant.line} | ${mutant.code} | ${faultOf(mutant)}${why}\n`
    })
    .sort()
    .join('')
