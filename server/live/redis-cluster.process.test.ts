import { afterAll, expect, test } from 'vitest'
import { type BusEnd, expectToHear, newsFor, openBusEnd } from '../testing/bus-end.ts'
import { emptyFolder } from '../testing/folder.ts'
import { ClusterGroup } from '../testing/redis-cluster.ts'

process.env.LOG_LEVEL = 'silent'

const group = await ClusterGroup.start(emptyFolder())
const ends: BusEnd[] = []
const open = async (namespace?: string) => {
  const end = await openBusEnd(group.url, namespace)
  ends.push(end)
  return end
}
const [one, two, stranger] = [await open(), await open(), await open('other')]
afterAll(async () => {
  for (const end of ends) await end.close()
  await group.stop()
})
const hearing = () => [one.isHearing, two.isHearing]

test('every worker hears once what one of them publishes; another installation hears nothing', async () => {
  await expect.poll(hearing).toEqual([true, true])
  one.publish(newsFor(1))
  await expect.poll(() => two.heard).toEqual([newsFor(1)])
  await expect.poll(() => one.heard).toEqual([newsFor(1)])
  expect(stranger.heard).toEqual([])
})

test.each<[how: string, signal: NodeJS.Signals]>([
  ['is killed', 'SIGKILL'],
  ['falls silent', 'SIGSTOP'],
])(
  'when the node that has the channel %s, its replica takes over',
  async (_how, signal) => {
    const old = await group.owner('test:events')
    process.kill(old.pid, signal)
    await expect.poll(() => group.owner('test:events'), { timeout: 20_000 }).not.toBe(old)
    await expectToHear(one, two, old.port)
    await expect.poll(hearing).toEqual([true, true])
    await group.revive(old)
    await expectToHear(two, one, old.port + 1)
  },
  60_000,
)

test('a silent node delays no one who needs another, and no one for long', async () => {
  const old = await group.owner('test:a')
  const elsewhere = ['b', 'c', 'd', 'e', 'f']
  const keys = await Promise.all(elsewhere.map((key) => group.owner(`test:${key}`)))
  const other = elsewhere[keys.findIndex((node) => node !== old)]!
  process.kill(old.pid, 'SIGSTOP')
  await expect(one.redis.get('a')).rejects.toThrow('timed out')
  const start = Date.now()
  expect(await one.redis.get(other)).toBe(null)
  await expect(one.redis.get('a')).rejects.toThrow()
  expect(Date.now() - start).toBeLessThan(300)
  await expect.poll(() => one.redis.get('a').catch(() => 'away'), { timeout: 20_000 }).toBe(null)
  await group.revive(old)
}, 60_000)

test('a fail-over by hand is followed, too', async () => {
  const old = await group.owner('test:events')
  await group.failOver('test:events')
  await expect.poll(() => group.owner('test:events'), { timeout: 20_000 }).not.toBe(old)
  await expectToHear(one, two, old.port + 2)
  await expect.poll(hearing).toEqual([true, true])
}, 60_000)
