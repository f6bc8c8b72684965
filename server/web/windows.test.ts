import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

await startService({ RATE_LIMITS: 'on' })
const { forgive, giveBack, spend } = await import('./limits.ts')

const minute = 60
/** How often in how many seconds. */
const windows = [
  ['sign_in_address', 100, 15 * minute],
  ['sign_in_here', 10, 15 * minute],
  ['sign_in_account', 100, 15 * minute],
  ['register', 20, 60 * minute],
  ['send', 60, 10],
  ['change', 60, 10],
  ['gather', 20, minute],
  ['typing', 30, 10],
  ['upload', 100, 5 * minute],
  ['search', 60, 30],
  ['stream', 60, minute],
] as const

test.each(windows)('%s: %i times in %i s, and nobody else is held up', async (limit, times, seconds) => {
  for (let i = 0; i < times; i++) await spend(limit, 'ktoś')
  const refusal = await spend(limit, 'ktoś').catch((problem) => problem)
  expect(refusal).toMatchObject({ status: 429, code: 'rate_limited' })
  // What was spent first comes back first; a busy machine may have taken a while to spend it.
  expect(refusal.retryAfter).toBeLessThanOrEqual(seconds)
  expect(refusal.retryAfter).toBeGreaterThan(seconds - 8)
  expect(refusal.message).toContain(`${refusal.retryAfter} s`)
  await spend(limit, 'ktoś inny')
})

test('several at once count as many, what is given back may be spent again, what is forgiven all of it', async () => {
  await spend('gather', 'grupa', 20)
  await expect(spend('gather', 'grupa')).rejects.toMatchObject({ status: 429 })
  await forgive('gather', 'grupa')
  await spend('gather', 'grupa', 19)
  await spend('gather', 'grupa')
  await expect(spend('gather', 'grupa', 2)).rejects.toMatchObject({ status: 429 })
  await forgive('gather', 'grupa')
  await spend('gather', 'grupa', 20)
  await giveBack('gather', 'grupa')
  await spend('gather', 'grupa')
  await expect(spend('gather', 'grupa')).rejects.toMatchObject({ status: 429 })
})
