import { expect, test } from 'vitest'
import { Listener } from '../testing/listener.ts'
import { type Person, startService } from '../testing/service.ts'
import { durations } from './durations.ts'

/** How much faster time goes here: in the proportions that the service has. */
const faster = 30
const real = { ...durations }
for (const name of Object.keys(durations) as (keyof typeof durations)[]) durations[name] /= faster
const { address, anna, bartek, celina, dawid } = await startService()
await anna.talkTo(bartek)
await celina.talkTo(dawid)

const statusOf = async (person: Person, viewer: Person) =>
  (await viewer.get(`/api/users/presence?ids=${person.id}`)).body.presences[0]!.status

// At once, for both do little but wait.
test.concurrent('open streams are renewed before they expire, so that nothing flickers', async () => {
  const witness = await bartek.listen()
  const program = await anna.listen()
  await witness.hear('presence', ({ user_id, status }) => user_id === anna.id && status === 'online')
  await new Promise((resolve) => setTimeout(resolve, (3 * real.ttl) / faster))
  expect(await statusOf(anna, bartek)).toBe('online')
  expect(witness.events.filter(({ event }) => event === 'presence')).toEqual([])
  for (const stream of [witness, program]) stream.close()
})

test.concurrent('a page that beats every 30 s, as ours does, stays present', async () => {
  const status = () => statusOf(celina, dawid)
  await expect.poll(status).toBe('offline')
  const page = await Listener.open(`${address}/api/messages/stream?attended=1`, celina.cookie)
  const beats = setInterval(() => celina.post('/api/presence/heartbeat'), 30_000 / faster)
  await expect.poll(status).toBe('online')
  await new Promise((resolve) => setTimeout(resolve, (2 * real.ttl) / faster))
  expect(await status()).toBe('online')
  clearInterval(beats)
  page.close()
})
