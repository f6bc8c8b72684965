import { expect, test } from 'vitest'
import { report } from './report.ts'
import { runChaos } from './run.ts'

/** As long as a test may be. */
const short = { seed: 4, messages: 1000, seconds: 6, members: 24, conversations: 12 }

test.each([
  ['Redis and three workers', false],
  ['one worker and no Redis', true],
])('nobody loses anything, whatever is killed: %s', async (_, inProcess) => {
  const options = { ...short, inProcess }
  const outcome = await runChaos(options, () => {})
  const { lost, outOfOrder, gaps, doubled } = outcome.verdict
  const figures = report(options, outcome)
  expect({ lost, outOfOrder, gaps, doubled }, figures).toEqual({
    lost: 0,
    outOfOrder: 0,
    gaps: 0,
    doubled: 0,
  })
  expect(outcome.tally.kindsOf('refused sends'), figures).toBe('none')
  expect(outcome.tally.of('sent')).toBe(short.messages)
})
