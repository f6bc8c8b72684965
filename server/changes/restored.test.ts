import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina } = await startService()
const { sql } = await import('../db/client.ts')

/** Resolves once a request waits for what another transaction holds. */
const isWaiting = () =>
  expect
    .poll(
      () => sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    .toHaveLength(1)

const changes: [string, (id: number) => Promise<{ status: number }>][] = [
  ['edit', (id) => anna.patch(`/api/messages/${id}`, { content: 'zmieniona' })],
  ['delete', (id) => anna.delete(`/api/messages/${id}`)],
  ['react to', (id) => anna.post(`/api/messages/${id}/reactions`, { emoji: '👍' })],
  ['pin', (id) => anna.post(`/api/messages/${id}/pin`)],
]

test.each(
  changes.flatMap(([what, change]) => [
    [what, 'is gone', change] as const,
    [what, 'has its number in another conversation', change] as const,
  ]),
)('to %s a message that %s since a backup was restored changes nothing', async (_, fate, change) => {
  const [here, there] = [await anna.talkTo(bartek), await anna.talkTo(celina)]
  const message = await anna.say(here, 'przed odtworzeniem')
  await anna.say(here, 'nowsza')
  const stored = () => sql`select * from messages where id = ${message.id}`
  let changing: Promise<{ status: number }> | undefined
  await sql.begin(async (tx) => {
    await tx`select from conversations where id in (${here}, ${there}) for no key update`
    changing = change(message.id)
    await isWaiting()
    if (fate === 'is gone') await tx`delete from messages where id = ${message.id}`
    else
      await tx`
        update messages set conversation_id = ${there},
          seq = (select coalesce(max(seq), 0) + 1000 from messages where conversation_id = ${there})
        where id = ${message.id}`
  })
  const restored = await stored()
  expect((await changing)?.status).toBe(404)
  expect(await stored()).toEqual(restored)
})
