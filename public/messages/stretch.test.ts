import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Events, Message, MessagePage } from '../../server/live/events.ts'
import { api, type Place, Problem } from '../api.ts'
import { Paging } from './paging.ts'
import { Stretch } from './stretch.ts'

const pageSize = 6
const maxChanges = 8
const limits = { maxLoaded: 20, kept: 12, keptAtEnd: 8, maxHeard: 5 }

type Told = { name: 'new_message' | 'message_updated'; message: Message } | ChangeEvent
type ChangeEvent =
  | { name: 'message_deleted'; event: Events['message_deleted'] }
  | { name: 'reaction'; event: Events['reaction'] }

/** The conversation as it is, and what it told of its changes. */
class Server {
  readonly messages: Message[] = []
  readonly told: Told[] = []
  seq = 0
  #id = 0

  send(isMine = false): Message {
    this.#id += 1 + (this.#id % 3)
    const message = {
      ...{ id: this.#id, seq: ++this.seq, kind: 'user', sender_id: isMine ? 1 : 2, reactions: [] },
      ...{ content: `nr ${this.#id}`, is_deleted: false, is_pinned: false },
    } as unknown as Message
    this.messages.push(message)
    this.told.push({ name: 'new_message', message })
    return message
  }

  #change(at: number, more: (message: Message) => Partial<Message>): Message | undefined {
    const index = at % (this.messages.length || 1)
    const message = this.messages[index]
    if (!message) return undefined
    const now = { ...message, ...more(message), seq: ++this.seq }
    this.messages[index] = now
    return now
  }

  edit(at: number): void {
    const message = this.#change(at, ({ content }) => ({ content: `${content}!` }))
    if (message) this.told.push({ name: 'message_updated', message })
  }

  delete(at: number): void {
    const nothing = { content: null, content_text: null, link_preview: null, attachments: [], reactions: [] }
    const message = this.#change(at, () => ({ ...nothing, is_deleted: true }))
    const event = { conversation_id: 1, message_id: message?.id ?? 0, seq: this.seq }
    if (message) this.told.push({ name: 'message_deleted', event })
  }

  react(at: number): void {
    const who = { user_id: 1000 + this.seq, user_name: '', emoji: '👍' }
    const message = this.#change(at, ({ reactions, id }) => ({
      reactions: [...reactions, { ...who, id: 0, message_id: id, created_at: '' }],
    }))
    const event = { conversation_id: 1, message_id: message?.id ?? 0, seq: this.seq, ...who }
    if (message) this.told.push({ name: 'reaction', event: { ...event, action: 'add' } })
  }

  /** Somebody is added, or the group has another name: a number that no message has. */
  rename(): void {
    this.seq++
  }

  page({ before_id, after_id, around_id, limit = pageSize }: Place): MessagePage {
    const { seq } = this
    const before = (id: number, most: number) => {
      const found = this.messages.filter((message) => message.id < id)
      return { messages: found.slice(-most || found.length), has_more: found.length > most }
    }
    const after = (id: number, most: number) => {
      const found = this.messages.filter((message) => message.id > id)
      return { messages: found.slice(0, most), has_more: found.length > most }
    }
    if (after_id) return { ...after(after_id, limit), next_cursor: null, seq }
    if (!around_id) {
      const newest = before(before_id ?? Number.POSITIVE_INFINITY, limit)
      return { ...newest, ...(!before_id && { has_newer: false }), next_cursor: null, seq }
    }
    const older = before(around_id, Math.floor(limit / 2))
    const newer = after(around_id - 1, limit - older.messages.length)
    const messages = [...older.messages, ...newer.messages]
    return { messages, has_more: older.has_more, has_newer: newer.has_more, next_cursor: null, seq }
  }

  changes(afterSeq: number) {
    const changed = this.messages.filter(({ seq }) => seq > afterSeq).toSorted((a, b) => a.seq - b.seq)
    const has_more = changed.length > maxChanges
    const messages = changed.slice(0, maxChanges)
    return { messages, has_more, seq: has_more ? messages.at(-1)!.seq : this.seq, conversation: {} as never }
  }
}

/** A page on somebody's screen, and a network that answers and tells when it likes. */
class Screen {
  readonly server: Server
  readonly stretch: Stretch
  readonly paging: Paging
  readonly #asked: { answer: () => unknown; settle: (outcome: () => unknown) => void }[] = []
  readonly #answers: (() => void)[] = []
  readonly #closing = new AbortController()
  /** What is told from here on arrives. */
  #heard: number

  constructor(server: Server) {
    this.server = server
    this.#heard = server.told.length
    this.stretch = new Stretch(server.page({}), limits)
    this.paging = new Paging(1, this.stretch, this.#closing.signal)
    const messages = (_: number, place: Place = {}) =>
      this.#ask(() => server.page({ ...place, ...(place.limit && { limit: 2 * pageSize }) }))
    vi.spyOn(api, 'messages').mockImplementation(messages)
    vi.spyOn(api, 'changes').mockImplementation((_, after) => this.#ask(() => server.changes(after)))
  }

  #ask<Answer>(answer: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => unknown) => {
        try {
          resolve(outcome() as Answer)
        } catch (error) {
          reject(error)
        }
      }
      this.#asked.push({ answer, settle })
    })
  }

  get isIdle(): boolean {
    return !this.#asked.length && !this.#answers.length
  }

  /** The server answers one request, as things are now; the answer is on its way. */
  serve(which: number): void {
    const [asked] = this.#asked.splice(which % (this.#asked.length || 1), 1)
    if (!asked) return
    const answer = asked.answer()
    this.#answers.push(() => asked.settle(() => answer))
  }

  fail(which: number): void {
    const [asked] = this.#asked.splice(which % (this.#asked.length || 1), 1)
    asked?.settle(() => {
      throw new Problem(503, {})
    })
  }

  answer(which: number): void {
    this.#answers.splice(which % (this.#answers.length || 1), 1)[0]?.()
  }

  /** One of the next things told arrives: mostly the next one, sometimes a later one, or one for the second time. */
  hear(ahead: number): void {
    const index = this.#heard + ahead
    const told = this.server.told[index]
    if (!told) return
    if (ahead === 0) this.#heard++
    if ('message' in told) this.stretch.receive(told.message)
    else this.stretch.change(told.name, told.event as never)
    this.paging.settle()
  }

  /** What was told meanwhile is never heard; on coming back one asks for it. */
  comeBack(): void {
    this.#heard = this.server.told.length
    void this.paging.catchUp()
  }

  async settled(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      while (this.#heard < this.server.told.length) this.hear(0)
      while (!this.isIdle) {
        this.serve(0)
        this.answer(0)
        await breath()
        quiet = 0
      }
      vi.advanceTimersByTime(60_000)
      await breath()
    }
  }

  close(): void {
    this.#closing.abort()
  }

  /** What must hold whatever happened. */
  check(): void {
    const { stretch, server } = this
    const ids = stretch.messages.map(({ id }) => id)
    const all = server.messages.map(({ id }) => id)
    const from = all.indexOf(ids[0]!)
    expect(ids).toEqual(ids.length ? all.slice(from, from + ids.length) : [])
    expect(stretch.hasOlder).toBe(from > 0)
    const rest = ids.length ? server.messages.slice(from + ids.length) : server.messages
    // At its end the stretch has what was sent until its number; what came later is not known yet.
    if (!stretch.hasNewer) expect(rest.filter(({ seq }) => seq <= stretch.seq)).toEqual([])
    else expect(rest).not.toEqual([])
    // What did not change since that number is as it is.
    const there = new Map(stretch.messages.map((message) => [message.id, message]))
    for (const message of server.messages.slice(from < 0 ? 0 : from))
      if (there.has(message.id) && message.seq <= stretch.seq) expect(there.get(message.id)).toEqual(message)
  }

  /** Nothing is on its way any more: then nothing is missing. */
  checkAll(): void {
    this.check()
    const { stretch, server } = this
    expect(stretch.isBehind).toBe(false)
    expect(server.messages.filter(({ seq }) => seq > stretch.seq)).toEqual([])
    if (!stretch.hasNewer) expect(stretch.newest).toEqual(server.messages.at(-1))
  }
}

const breath = () => new Promise((resolve) => setImmediate(resolve))

const number = fc.nat(1000)
const often = (weight: number, ...what: string[]) => ({
  weight,
  arbitrary: fc.record({ do: fc.constantFrom(...what), n: number }),
})
const step = fc.oneof(
  often(6, 'send', 'sendMine', 'hear', 'serve', 'answer'),
  often(4, 'older', 'newer', 'edit', 'delete', 'react', 'jump'),
  often(1, 'newest', 'early', 'again', 'trim', 'away', 'fail', 'rename', 'flood', 'time'),
)

function take(screen: Screen, { do: what, n }: { do: string; n: number }): void {
  const { server, stretch, paging } = screen
  const steps: Record<string, () => unknown> = {
    send: () => server.send(),
    sendMine: () => screen.stretch.receive(server.send(true)),
    edit: () => server.edit(n),
    delete: () => server.delete(n),
    react: () => server.react(n),
    rename: () => server.rename(),
    flood: () => Array.from({ length: n % 40 }, () => server.send()),
    hear: () => screen.hear(0),
    early: () => screen.hear(1 + (n % 4)),
    again: () => screen.hear(-1 - (n % 4)),
    serve: () => screen.serve(n),
    answer: () => screen.answer(n),
    fail: () => screen.fail(n),
    older: () => void paging.older(),
    newer: () => void paging.newer(),
    jump: () => {
      const id = server.messages[n % (server.messages.length || 1)]?.id
      if (id) paging.jump({ around_id: id }).catch(() => {})
    },
    newest: () => void paging.jump().catch(() => {}),
    trim: () => stretch.trim(),
    away: () => {
      for (let i = 0; i < n % 30; i++) server.send()
      server.edit(n)
      screen.comeBack()
    },
    time: () => vi.advanceTimersByTime(250),
  }
  steps[what]?.()
  paging.settle()
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('whatever comes in whatever order, what is loaded has no holes and is as new as it says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(40), fc.array(step, { maxLength: 40, size: 'max' }), async (before, steps) => {
      const server = new Server()
      for (let i = 0; i < before; i++) server.send()
      const screen = new Screen(server)
      screen.check()
      for (const each of steps) {
        take(screen, each)
        await breath()
        screen.check()
      }
      await screen.settled()
      screen.checkAll()
      // And however far up one is, scrolling down leads to the newest.
      for (let i = 0; screen.stretch.hasNewer && i < 100; i++) {
        void screen.paging.newer()
        await screen.settled()
        screen.check()
      }
      expect(screen.stretch.newest).toEqual(server.messages.at(-1))
      screen.close()
    }),
    { numRuns: 1000 },
  )
}, 60_000)
