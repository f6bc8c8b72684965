import { expect, test } from 'vitest'
import { Counters, maxCounted } from './counters.ts'

test('made-up names do not fill the memory, and frequent callers are not forgotten', async () => {
  const counters = new Counters({ points: 2, duration: 900, keyPrefix: 'limit:sign_in_account' })
  const spend = (who: string) =>
    counters.consume(who).then(
      () => 'taken',
      () => 'refused',
    )
  for (const who of ['once', 'often']) for (let i = 0; i < 3; i++) await spend(who)
  expect([await spend('once'), await spend('often')]).toEqual(['refused', 'refused'])
  for (let i = 0; i < 3 * maxCounted; i++) {
    await spend(`name ${i}`)
    await counters.reward(`address ${i}`)
    if (i % 1000 === 0) expect(await spend('often')).toBe('refused')
  }
  expect(counters.dump().storage).toHaveLength(maxCounted)
  expect(await spend('often')).toBe('refused')
  expect(await spend('once')).toBe('taken')
})
