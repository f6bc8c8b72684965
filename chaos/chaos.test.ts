import { expect, test } from 'vitest'
import { Random } from './random.ts'
import { report } from './report.ts'
import { runChaos } from './run.ts'
import { allFaults, type Fault } from './schedule.ts'

/** As long as a test may be. */
const short = { seed: 4, messages: 1000, seconds: 6, members: 24, conversations: 12 }
/** In every run; of the others as many as there is time for. */
const usual: Fault[] = [
  'killed-worker',
  'killed-workers',
  'cut-sockets',
  'cut-connections',
  'crashed-postgres',
]
const ofRedis: Fault[] = ['frozen-redis', 'killed-redis']
/** Those take longer than the test may: processes of their own, and a database that has to recover. */
const long: Fault[] = ['two-installations', 'full-disk', 'failed-over-postgres']
const others = allFaults.filter((fault) => ![...usual, ...ofRedis, ...long].includes(fault))

test.each([
  ['Redis and three workers', false],
  ['one worker and no Redis', true],
])('nothing is lost, whatever is killed: %s', async (name, inProcess) => {
  const chosen = new Random(short.seed).fork(name).shuffle(others).slice(0, 2)
  const faults = [...usual, ...(inProcess ? [] : ofRedis), ...chosen]
  const options = { ...short, inProcess, faults, redis: 'single' as const, standby: false }
  const outcome = await runChaos(options, () => {})
  const { details: _, ...counted } = outcome.verdict
  const figures = report(options, outcome)
  expect(counted, figures).toEqual({ lost: 0, ghosts: 0, outOfOrder: 0, gaps: 0, doubled: 0 })
  expect(outcome.tally.of('strangers'), figures).toBe(0)
  expect(outcome.tally.kindsOf('wrong answers'), figures).toBe('none')
  expect(outcome.tally.kindsOf('refused sends'), figures).toBe('none')
  expect(outcome.tally.of('sent')).toBe(short.messages)
})
