import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { emptyFolder } from '../server/testing/folder.ts'
import { startPostgres } from '../server/testing/own-postgres.ts'
import { RunningService } from '../server/testing/process.ts'
import { type RedisServer, startRedis } from '../server/testing/redis.ts'
import { ReturningClient } from '../server/testing/returning-client.ts'
import { Person } from '../server/testing/service.ts'
import type { Frame } from '../server/testing/socket-client.ts'
import { visitor } from './people.ts'

const until = <T>(ask: () => T) => expect.poll(ask, { timeout: 20_000, interval: 100 })

/** Asks again until there is an answer that is not about the service being away. */
async function insist(ask: () => Promise<{ status: number; body: Frame }>): Promise<Frame> {
  for (;;) {
    const { status, body } = await ask().catch(() => ({ status: 503, body: undefined }))
    if (status < 300) return body
    if (status < 500) throw new Error(`${status} ${JSON.stringify(body)}`)
    await sleep(150)
  }
}

/** What a client of NODUS has of a message after these frames. */
function nodusView(frames: Frame[]): Map<number, Frame> {
  const messages = new Map<number, Frame>()
  for (const { event, data } of frames) {
    if (/^message\.(created|updated|deleted)$/.test(event)) messages.set(data.id, { ...data })
    const message = messages.get(data.message_id)
    if (!message || !/^reaction\./.test(event)) continue
    const others = message.reactions.filter(
      (each: Frame) => each.user_id !== data.user_id || each.emoji !== data.emoji,
    )
    message.reactions = event === 'reaction.added' ? [...others, data] : others
  }
  return messages
}

/** The ids of messages in the order in which they were first told. */
const firstTold = (frames: Frame[], isNew: (frame: Frame) => number | false) => [
  ...new Set(frames.map(isNew).filter((id) => id !== false)),
]

test('members on every kind of client lose nothing when a worker, Redis and PostgreSQL fall', async () => {
  const database = await startPostgres(emptyFolder(), { synchronous_commit: 'on' })
  const sql = postgres(database.url, { max: 1, onnotice: () => {} })
  let redis: RedisServer = await startRedis()
  afterAll(async () => {
    await sql.end({ timeout: 1 })
    await redis.stop()
  })
  const service = await RunningService.start({
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    DATA_DIR: emptyFolder(),
    SESSION_SECRET: 'only for tests, only for tests',
    WORKERS: '2',
    REGISTRATION: 'open',
    RATE_LIMITS: 'off',
  })

  const [ala, ola, ewa, iza] = (await Promise.all(
    ['ala', 'ola', 'ewa', 'iza'].map(async (username) => {
      const person = new Person(service.address)
      const body = { email: `${username}@example.org`, username, password: 'wiadomosci' }
      person.id = (await person.post('/api/auth/register', body)).body.user.id
      return person
    }),
  )) as [Person, Person, Person, Person]
  const group = async (name: string) =>
    (await ala.post('/api/conversations', { name, member_ids: [ola.id, ewa.id, iza.id] })).body.conversation
      .id
  const chats = [await group('Rada'), await group('Biuro')]
  const connect = async (person: Person, path: string) =>
    ReturningClient.start(service.address + path, (await person.token()).access_token)
  const page = await visitor(service.address)
  const [name, value] = ala.cookie.split('=') as [string, string]
  await page.page.context().addCookies([{ name, value, url: service.address }])
  await page.open(`/wiadomosci/${chats[0]}`)
  await page.isLive()
  const [nodus, core, presence] = await Promise.all([
    connect(ola, '/api/v1/ws'),
    connect(ewa, '/ws'),
    connect(iza, '/api/v1/realtime'),
  ])

  let isOver = false
  const acknowledged = new Map<string, number>()
  const edited = new Map<number, string>()

  /** Beside our page, as its outbox does: again and again until it is confirmed. */
  async function writeBesidePage(): Promise<void> {
    for (let nr = 0; !isOver; nr++) {
      const [chat, client_id] = [chats[nr % 2]!, randomUUID()]
      const send = () => ala.post(`/api/conversations/${chat}/messages`, { content: `ala ${nr}`, client_id })
      const { message } = await insist(send)
      acknowledged.set(client_id, message.id)
      if (nr % 4 === 0) {
        const content = `ala ${nr}, poprawione`
        await insist(() => ala.patch(`/api/messages/${message.id}`, { content }))
        edited.set(message.id, content)
      }
      await sleep(40)
    }
  }

  /** Over the WebSocket, again and again until it is told of its own message. */
  async function writeOnCore(): Promise<void> {
    for (let nr = 0; !isOver; nr++) {
      const client_id = randomUUID()
      const message = { event: 'message', chat_id: chats[nr % 2]!, content: `ewa ${nr}`, client_id }
      const isMine = (frame: Frame) => frame.event === 'message' && frame.client_id === client_id
      let told: Frame
      do {
        core.say(message)
        told = await core.hear(isMine, 1000)
      } while (!told)
      acknowledged.set(client_id, told.id)
      if (nr % 4 === 0) {
        const content = `ewa ${nr}, poprawione`
        const isEdited = (frame: Frame) =>
          frame.event === 'message_edited' && frame.id === told.id && frame.content === content
        do core.say({ event: 'edit_message', message_id: told.id, content })
        while (!(await core.hear(isEdited, 1000)))
        edited.set(told.id, content)
      }
      await sleep(40)
    }
  }

  /** A client of NODUS reacts to what it is told: doing so twice is doing it once. */
  async function reactOnNodus(): Promise<void> {
    while (!isOver) {
      const last = [...nodusView(nodus.frames).values()].at(-1)
      const react = () => ola.post(`/api/v1/messages/${last.id}/reactions`, { emoji: '👍' })
      if (last) await insist(react)
      await sleep(100)
    }
  }

  async function typeOnPresence(): Promise<void> {
    while (!isOver) {
      presence.say({ type: 'typing_start', data: { conversation_id: chats[0] } })
      await sleep(300)
    }
  }

  const answerPings = setInterval(() => core.say({ event: 'pong' }), 5000)
  const busy = Promise.all([writeBesidePage(), writeOnCore(), reactOnNodus(), typeOnPresence()])
  await sleep(1500)
  for (const worker of await service.workers()) {
    process.kill(worker, 'SIGKILL')
    await page.write(`na stronie bez ${worker}`)
    await sleep(1000)
  }
  await sleep(1500)
  process.kill(redis.pid, 'SIGKILL')
  await page.write('na stronie bez Redisa')
  await redis.stop()
  await sleep(1500)
  redis = await startRedis({ port: redis.port })
  await sleep(2500)
  database.crash()
  await page.write('na stronie bez bazy')
  await sleep(4000)
  isOver = true
  await busy
  clearInterval(answerPings)

  const written = async () => {
    const rows = await sql`select from messages where content_text like 'na stronie %'`
    return rows.length
  }
  await expect.poll(written, { timeout: 20_000 }).toBe(4)
  const stored = await sql<
    { id: number; chat: number; sender: number; client_id: string; content: string; reactions: number }[]
  >`
    select m.id::int, m.conversation_id::int as chat, m.sender_id::int as sender, m.client_id, m.content_text as content,
      (select count(*)::int from message_reactions r where r.message_id = m.id) as reactions
    from messages m where kind = 'user' order by m.id`
  expect(stored.length).toBeGreaterThan(50)
  for (const { connections } of [nodus, core, presence]) expect(connections).toBeGreaterThan(1)

  // What was acknowledged is stored, and nothing twice.
  const besidePage = stored.filter(({ content }) => !content.startsWith('na stronie '))
  expect(new Map(besidePage.map(({ client_id, id }) => [client_id, id]))).toEqual(acknowledged)
  expect(besidePage).toHaveLength(acknowledged.size)
  for (const { id, content } of stored) if (edited.has(id)) expect(content).toBe(edited.get(id))

  // The page shows every message of its conversation, in order and as it is now.
  const inFirst = stored.filter(({ chat }) => chat === chats[0])
  const shown = () =>
    page.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('article.message')].map(({ dataset, innerText }) => ({
        id: Number(dataset.messageId),
        text: innerText,
      })),
    )
  await until(async () => {
    const texts = new Map((await shown()).map(({ id, text }) => [id, text]))
    return inFirst.filter(({ id, content }) => !texts.get(id)?.includes(content)).map(({ id }) => id)
  }).toEqual([])
  const ids = new Set(inFirst.map(({ id }) => id))
  const order = (await shown()).map(({ id }) => id).filter((id) => ids.has(id))
  expect(order).toEqual(inFirst.map(({ id }) => id))
  // The client of NODUS has every message as it is now.
  const truth = stored.map(({ id, content, reactions }) => [id, content, reactions])
  await until(() => {
    const view = nodusView(nodus.frames)
    return stored.map(({ id }) => [id, view.get(id)?.content, view.get(id)?.reactions.length])
  }).toEqual(truth)
  // That of Messenger Core has all of others, and was answered for its own.
  const last = (id: number) => core.frames.findLast((frame) => frame.id === id)?.content
  await until(() => stored.map(({ id }) => [id, last(id)])).toEqual(
    stored.map(({ id, content }) => [id, content]),
  )

  // In each conversation they came in order.
  for (const chat of chats) {
    const ids = stored.filter((each) => each.chat === chat)
    const onNodus = firstTold(
      nodus.frames,
      ({ event, data }) => event === 'message.created' && data.chat_id === chat && data.id,
    )
    expect(onNodus.filter((id) => ids.some((each) => each.id === id))).toEqual(ids.map(({ id }) => id))
    const ofOthers = ids.filter(({ sender }) => sender !== ewa.id).map(({ id }) => id)
    const onCore = firstTold(
      core.frames,
      ({ event, id }) => event === 'message' && ofOthers.includes(id) && id,
    )
    expect(onCore).toEqual(ofOthers)
  }

  // Who comes and who types is told again.
  const seen = presence.frames.length
  const heard = () => presence.frames.slice(seen).map(({ type, data }) => [type, data.user_id])
  const alas = await connect(ala, '/api/v1/realtime')
  await until(heard).toContainEqual(['user_status', ala.id])
  alas.say({ type: 'typing_start', data: { conversation_id: chats[0] } })
  await until(heard).toContainEqual(['user_typing', ala.id])
  await Promise.all([nodus, core, presence, alas].map((client) => client.end()))
  await page.page.context().close()
  await service.stop()
}, 120_000)
