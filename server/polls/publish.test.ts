import { expect, test } from 'vitest'
import type { Events } from '../contract/events.ts'
import type { Publication } from '../live/envelope.ts'
import { startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa, live } = await startService()
const { sql } = await import('../db/client.ts')
const { publishThrough } = await import('../live/publish.ts')
const { workOff } = await import('../testing/jobs.ts')
const { publishVotes } = await import('./publish.ts')
const { withOwnFrames } = await import('./own-frames.ts')
const { change } = await import('../live/envelope.ts')
const handlers = {
  notify: async () => {},
  votes: (votes: { message_id: number }) => publishVotes(votes.message_id),
}

const members = [anna, bartek, celina, dawid, ewa]
const { body } = await anna.post('/api/conversations', {
  name: 'Zarząd',
  member_ids: members.slice(1).map((member) => member.id),
})
const { id } = body.conversation
const asked = async (more: object = {}) =>
  (
    await anna.post(`/api/conversations/${id}/polls`, {
      question: 'Kto?',
      options: ['Tak', 'Nie'],
      is_multiple: true,
      is_secret: false,
      ...more,
    })
  ).body.message
type Who = typeof anna
const vote = (who: Who, message: { id: number }, ...option_ids: number[]) =>
  who.put(`/api/messages/${message.id}/votes`, { option_ids })

/** What is published, and goes on to the streams or is lost. */
function watch(isLost = false): { published: Publication[]; undo: () => void } {
  const published: Publication[] = []
  const undo = publishThrough({
    publish(publication) {
      if (publication.header.kind === 'change') published.push(publication)
      if (!isLost) live.publish(publication)
    },
  })
  return { published, undo }
}

test('the first vote is told at once, and all of the next second together', async () => {
  const message = await asked()
  const stream = await ewa.listen()
  const { published, undo } = watch()
  await vote(bartek, message, 1)
  expect(published).toHaveLength(1)
  for (const who of [anna, bartek, celina, dawid]) await vote(who, message, 1, 2)
  expect(published).toHaveLength(1)
  const told = async () => (await stream.hear('message_updated')).message.poll!
  expect(await told()).toMatchObject({ voter_count: 1, my_votes: [] })
  expect(await told()).toMatchObject({ voter_count: 4, my_votes: [], options: [{ count: 4 }, { count: 4 }] })
  expect(published).toHaveLength(2)
  undo()
  stream.close()
})

test('each of those who voted is told of their own choice, and nobody else is', async () => {
  const message = await asked({ is_secret: true })
  const streams = await Promise.all([bartek, celina, ewa].map((who) => who.listen()))
  await vote(bartek, message, 1)
  await vote(celina, message, 2)
  for (const [stream, choice] of [
    [streams[0]!, [1]],
    [streams[1]!, [2]],
    [streams[2]!, []],
  ] as const) {
    const isLast = ({ message }: Events['message_updated']) => message.poll?.voter_count === 2
    const { message } = await stream.hear('message_updated', isLast)
    expect(message.poll!.my_votes).toEqual(choice)
    stream.close()
  }
})

test('of very many choices there are frames for the latest alone; all others know their own', async () => {
  const message = await asked({ is_secret: true, options: Array.from({ length: 12 }, (_, i) => `${i}`) })
  const users = await sql<{ id: number }[]>`
    insert into users (username, email, name, password_hash)
    select 'wyborca' || n, 'wyborca' || n || '@example.org', 'Wyborca', 'x' from generate_series(1, 60) n returning id`
  await vote(bartek, message, 12)
  for (const [n, user] of users.entries()) {
    const option_ids = [1, 2, 3, 4, 5, 6].filter((_, bit) => (n + 1) & (1 << bit))
    await sql`insert into poll_votes (message_id, user_id, option_ids) values (${message.id}, ${user.id}, ${option_ids})`
  }
  const streams = await Promise.all([bartek, celina, ewa].map((who) => who.listen()))
  await vote(celina, message, 11, 12)
  const told = async (stream: (typeof streams)[number]) =>
    (await stream.hear('message_updated', (event) => event.message.poll!.voter_count === 62)).message.poll!
  expect(await told(streams[0]!)).not.toHaveProperty('my_votes')
  expect((await told(streams[1]!)).my_votes).toEqual([11, 12])
  expect((await told(streams[2]!)).my_votes).toEqual([])
  const [envelope] = await withOwnFrames([message], (each) =>
    change('message_updated', { ...each, message: each }),
  )
  expect(envelope!.own).toHaveLength(33)
  expect(envelope!.own!.flatMap(({ userIds }) => userIds)).toHaveLength(62)
  for (const stream of streams) stream.close()
})

test('who voted on another device learns it even where it was not published', async () => {
  const message = await asked({ is_secret: true })
  const streams = await Promise.all([bartek, celina].map((who) => who.listen()))
  const { published, undo } = watch(true)
  await vote(bartek, message, 2)
  undo()
  expect(published).toHaveLength(1)
  for (let polls = 0; polls < 2; polls++) await live.poll()
  const heard = await Promise.all(streams.map((stream) => stream.hear('message_updated')))
  expect(heard.map((each) => each.message.poll!.my_votes)).toEqual([[2], []])
  for (const stream of streams) stream.close()
})

test('votes that a killed worker did not tell of are told by a job, once', async () => {
  const message = await asked()
  await vote(bartek, message, 1)
  await vote(celina, message, 1)
  const { published, undo } = watch()
  await workOff(handlers)
  expect(published).toHaveLength(1)
  await workOff(handlers)
  await publishVotes(message.id)
  expect(published).toHaveLength(1)
  undo()
})

test.each([
  ['is deleted', (message: { id: number }) => anna.delete(`/api/messages/${message.id}`)],
  ['is gone with its conversation', () => sql`update conversations set deleted_at = now() where id = ${id}`],
])('nothing is told of a poll that %s', async (_, happen) => {
  const message = await asked()
  await vote(bartek, message, 1)
  await vote(celina, message, 1)
  await happen(message)
  const { published, undo } = watch()
  await publishVotes(message.id)
  expect(published).toEqual([])
  undo()
  await sql`update conversations set deleted_at = null where id = ${id}`
})
