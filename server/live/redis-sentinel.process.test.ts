import { afterAll, expect, test } from 'vitest'
import { expectToHear, openBusEnd } from '../testing/bus-end.ts'
import { emptyFolder } from '../testing/folder.ts'
import { SentinelGroup } from '../testing/redis-sentinel.ts'

process.env.LOG_LEVEL = 'silent'

const group = await SentinelGroup.start(emptyFolder())
const [one, two] = [await openBusEnd(group.url), await openBusEnd(group.url)]
afterAll(async () => {
  for (const end of [one, two]) await end.close()
  await group.stop()
})

test.each<[how: string, signal: NodeJS.Signals]>([
  ['is killed', 'SIGKILL'],
  ['falls silent', 'SIGSTOP'],
])(
  'when the master %s, workers go on with the one the Sentinels choose',
  async (_how, signal) => {
    await expectToHear(one, two, 1)
    await one.redis.set('kept', signal)
    const old = await group.master()
    await expect.poll(() => two.redis.wait(1, 400)).toBe(1)
    process.kill(old.pid, signal)
    await expect.poll(() => group.master(), { timeout: 20_000 }).not.toBe(old)
    await expect.poll(() => one.redis.get('kept').catch(() => 'away'), { timeout: 20_000 }).toBe(signal)
    await one.redis.set('kept', 'since')
    await expectToHear(one, two, old.port)
    await expect.poll(() => [one.isHearing, two.isHearing]).toEqual([true, true])
    await group.revive(old)
    expect(await one.redis.get('kept')).toBe('since')
  },
  60_000,
)

test('a fail-over by hand is followed, too', async () => {
  const old = await group.master()
  group.failOver()
  await expect.poll(() => group.master(), { timeout: 20_000 }).not.toBe(old)
  await expect
    .poll(() => one.redis.set('kept', 'by hand').catch(() => 'away'), { timeout: 20_000 })
    .toBe('OK')
  await expectToHear(one, two, old.port + 1)
}, 60_000)
