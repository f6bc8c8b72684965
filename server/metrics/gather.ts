import type { ChildProcess } from 'node:child_process'
import { isAboutMeasures, type MeasuresMessage } from './asked.ts'
import { type Measured, measured } from './measure.ts'

/** Longer than a process that is not stuck takes; shorter than Prometheus waits. */
const maxWaitMs = 1000

interface Round {
  missing: Set<ChildProcess>
  /** Everybody has answered. */
  over(): void
}

const rounds = new Map<number, Round>()
/** What each process answered last: it counts for one that is stuck, for a counter never falls. */
const answers = new Map<ChildProcess, Measured[]>()
/** What processes that are gone had counted when they were asked last. */
let past: Measured[] = []
let lastRound = 0

/** In the supervisor: gathers what a process measures, and answers its question for what all of them do. */
export function gatherFrom(child: ChildProcess): void {
  answers.set(child, [])
  child.on('message', (message) => {
    if (!isAboutMeasures(message) || !('measures' in message)) return
    if (message.measures === 'wanted') void answer(child, message.round)
    else if (message.measures !== 'asked') take(child, message.measures, message.round)
  })
  child.once('exit', () => {
    past = addUp(past, answers.get(child)!)
    answers.delete(child)
    for (const round of rounds.values()) leave(round, child)
  })
}

async function answer(child: ChildProcess, asked: number): Promise<void> {
  await askAll()
  tell(child, { measuresOfAll: [past, ...answers.values(), await measured()], round: asked })
}

/** Waits until all have answered, or for as long as that may take. */
async function askAll(): Promise<void> {
  const number = ++lastRound
  const { promise, resolve } = Promise.withResolvers<void>()
  rounds.set(number, { missing: new Set(answers.keys()), over: resolve })
  const timer = setTimeout(resolve, maxWaitMs)
  for (const child of answers.keys()) tell(child, { measures: 'asked', round: number })
  await promise
  clearTimeout(timer)
  rounds.delete(number)
}

function take(child: ChildProcess, found: Measured[], number: number): void {
  if (answers.has(child)) answers.set(child, found)
  const round = rounds.get(number)
  if (round) leave(round, child)
}

function leave({ missing, over }: Round, child: ChildProcess): void {
  if (missing.delete(child) && missing.size === 0) over()
}

function tell(child: ChildProcess, message: MeasuresMessage): void {
  if (child.connected) child.send(message, () => {})
}

/** What was counted in both; of what has a size, a process that is gone has none any more. */
function addUp(before: Measured[], gone: Measured[]): Measured[] {
  const known = new Map(before.map((each) => [each.name, each]))
  const counted = gone.filter(({ type, aggregator }) => type !== 'gauge' && aggregator === 'sum')
  for (const each of counted) known.set(each.name, sumOf(known.get(each.name), each))
  return [...known.values()]
}

function sumOf(before: Measured | undefined, more: Measured): Measured {
  const keyOf = ({ metricName, labels }: Measured['values'][number]) => JSON.stringify([metricName, labels])
  const sums = new Map(before?.values.map((value) => [keyOf(value), value]))
  for (const value of more.values) {
    const sum = value.value + (sums.get(keyOf(value))?.value ?? 0)
    sums.set(keyOf(value), { ...value, value: sum })
  }
  return { ...more, values: [...sums.values()] }
}
