import { expect, onTestFinished, test, vi } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { startRedis } from '../testing/redis.ts'
import { startService } from '../testing/service.ts'
import { durations } from './durations.ts'

Object.assign(durations, { ttl: 2000, refresh: 300, grace: 200, sweepEvery: 20, touchEvery: 0 })

test('without Redis presence and typing are silent, and come back with it', async () => {
  const redis = await startRedis()
  const { anna, bartek } = await startService({ REDIS_URL: redis.url, DATA_DIR: emptyFolder() })
  const { log } = await import('../log.ts')
  const { beat } = await import('./activity.ts')
  const { presencesOf } = await import('./presences.ts')
  const { setTyping, stopTyping } = await import('../typing/typing.ts')
  const warn = vi.spyOn(log, 'warn')
  const id = await anna.talkTo(bartek)
  const user = (await anna.get('/api/users/me')).body.user
  const [bartekHears, stream] = [await bartek.listen(), await anna.listen()]
  await bartekHears.hear('presence', ({ status }) => status === 'online')

  await redis.stop()
  for (let i = 0; i < 20; i++) {
    await beat(anna.id, 'session', true)
    await setTyping(user, id, true)
    stopTyping(anna.id, id)
    expect(await presencesOf(bartek.id, [anna.id])).toMatchObject([{ status: 'offline' }])
  }
  await setTyping(user, id, false)
  const said = warn.mock.calls.map(([, message]) => message).filter((message) => message !== 'Redis is away')
  expect(said).toEqual([...new Set(said)])

  const again = await startRedis({ port: redis.port })
  onTestFinished(() => again.stop())
  // Nothing is left of what it knew: the open stream is entered afresh.
  await bartekHears.hear('presence', ({ user_id, status }) => user_id === anna.id && status === 'online')
  await setTyping(user, id, true)
  await bartekHears.hear('typing')
  stream.close()
  await bartekHears.hear('presence', ({ user_id, status }) => user_id === anna.id && status === 'offline')
})
