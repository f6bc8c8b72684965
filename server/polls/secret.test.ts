import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Message } from '../contract/messages.ts'
import type { Poll } from '../contract/polls.ts'
import { Listener } from '../testing/listener.ts'
import { type Person, startService } from '../testing/service.ts'
import { SocketClient } from '../testing/socket-client.ts'

const { anna, bartek, celina, address, live } = await startService()

/** Every poll anywhere in it; of the last message of a conversation all members are told the same. */
function pollsIn(value: unknown, isSame = false): (Poll & { isSame: boolean })[] {
  if (typeof value !== 'object' || value === null) return []
  if ('voter_count' in value) return [{ ...(value as Poll), isSame }]
  return Object.entries(value).flatMap(([key, each]) => pollsIn(each, isSame || key === 'last_message'))
}

const conversation = (
  await anna.post('/api/conversations', { name: 'Tajne', member_ids: [bartek.id, celina.id] })
).body.conversation.id
const secret = { question: 'Kto na prezesa?', options: ['Ala', 'Ola'], is_multiple: false, is_secret: true }
const path = `/api/conversations/${conversation}` as const
const replayed = async (who: Person, cursor: string) => {
  const listener = await Listener.open(`${address}/api/messages/stream`, who.cookie, {
    'last-event-id': cursor,
  })
  await sleep(300)
  listener.close()
  return listener.events
}

test('nobody is told who voted for what in a secret poll, in whatever way a message leaves', async () => {
  const streams = await Promise.all([anna, bartek, celina].map((who) => who.listen()))
  const cursor = (who: number) => /^id: (.+)$/m.exec(streams[who]!.raw)![1]!
  const nodus = await SocketClient.openLive(live, anna.id, `${address}/api/v1/ws`, { cookie: anna.cookie })
  const before = await anna.say(conversation, 'Głosujemy')
  await streams[0]!.hear('new_message')
  await streams[1]!.hear('new_message')
  const since = [cursor(0), cursor(1)] as const
  const message: Message = (await anna.post(`${path}/polls`, secret)).body.message
  await bartek.put(`/api/messages/${message.id}/votes`, { option_ids: [2] })
  await anna.post(`/api/messages/${message.id}/pin`)
  await anna.post(`/api/messages/${message.id}/reactions`, { emoji: '👍' })
  await streams[0]!.hear('reaction')

  const ways: Record<string, (who: Person) => Promise<unknown>> = {
    page: async (who) => (await who.get(`${path}/messages`)).body,
    'page around': async (who) => (await who.get(`${path}/messages?around_id=${before.id}`)).body,
    changes: async (who) => (await who.get(`${path}/changes?after_seq=0`)).body,
    list: async (who) => (await who.get('/api/conversations')).body,
    details: async (who) => (await who.get(path)).body,
    pins: async (who) => (await who.get(`${path}/pins`)).body,
    search: async (who) => (await who.get('/api/search?q=prezesa')).body,
    replay: (who) => replayed(who, since[who === bartek ? 1 : 0]),
  }
  for (const [way, ask] of Object.entries(ways)) {
    for (const who of [anna, bartek]) {
      const polls = pollsIn(await ask(who))
      expect(polls.length, way).toBeGreaterThan(0)
      for (const { options, my_votes, isSame } of polls) {
        expect(options, way).toEqual([
          { id: 1, text: 'Ala', count: 0 },
          { id: 2, text: 'Ola', count: 1 },
        ])
        expect(my_votes, way).toEqual(isSame ? undefined : who === bartek ? [2] : [])
      }
    }
  }

  // Live, each device of the voter learns it, and nobody else's.
  const told = (who: number) =>
    pollsIn(streams[who]!.events.filter(({ event }) => event === 'message_updated')).map(
      ({ my_votes }) => my_votes,
    )
  expect([told(0), told(1), told(2)]).toEqual([[[]], [[2]], [[]]])
  expect(
    pollsIn(streams.map(({ events }) => events)).every(({ options }) =>
      options.every((o) => !('voters' in o)),
    ),
  ).toBe(true)

  // What knows no polls has the text alone.
  const text = '📊 Kto na prezesa?\n• Ala\n• Ola'
  const [core, list] = [
    (await anna.get(`/messages?chat_id=${conversation}`)).body as unknown,
    (await anna.get(`/api/v1/messages?chat_id=${conversation}`)).body as unknown,
  ]
  for (const body of [core, list, nodus.frames]) {
    expect(JSON.stringify(body)).toContain(JSON.stringify(text))
    expect(JSON.stringify(body)).not.toMatch(/option_ids|my_votes|voter/)
  }
  for (const page of [`/wiadomosci/${conversation}`, `/wiadomosci/${conversation}/druk`]) {
    const html = (await anna.request('GET', page as string)).body as unknown as string
    expect(html, page).toContain('Kto na prezesa?')
    expect(html, page).not.toMatch(/"voters"|option_ids/)
  }
  await nodus.close()
  for (const stream of streams) stream.close()
})
