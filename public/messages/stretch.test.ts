import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api, type Place } from '../api.ts'
import { Problem } from '../http.ts'
import { ModelServer, pageSize } from './model-server.ts'
import { Paging } from './paging.ts'
import { Stretch } from './stretch.ts'

const limits = { maxLoaded: 20, kept: 12, maxAtEnd: 10, keptAtEnd: 8, maxHeard: 5 }

/** A page on somebody's screen, and a network that answers and delivers when it likes. */
class Screen {
  readonly server: ModelServer
  readonly stretch: Stretch
  readonly paging: Paging
  readonly #asked: { answer: () => unknown; settle: (outcome: () => unknown) => void }[] = []
  readonly #answers: (() => void)[] = []
  readonly #closing = new AbortController()
  /** What is published from here on arrives. */
  #heard: number

  constructor(server: ModelServer) {
    this.server = server
    this.#heard = server.published.length
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

  /** One of the next things published arrives: mostly the next one, sometimes a later one, or one for the second time. */
  hear(ahead: number): void {
    const index = this.#heard + ahead
    const news = this.server.published[index]
    if (!news) return
    if (ahead === 0) this.#heard++
    if ('message' in news) this.stretch.receive(news.message)
    else this.stretch.change(news.name, news.event as never)
    this.paging.settle()
  }

  /** What was published meanwhile is never heard; on coming back one asks for it. */
  comeBack(): void {
    this.#heard = this.server.published.length
    void this.paging.catchUp()
  }

  async settled(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      while (this.#heard < this.server.published.length) this.hear(0)
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

/** Lets everything happen that waits for nothing else. */
async function breath(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await undefined
}

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

const steps = (...all: string[]) => all.map((each) => ({ do: each, n: 0 }))
/** What went wrong once. */
const examples: [number, { do: string; n: number }[]][] = [
  [0, steps('away', 'serve', 'edit')],
  [0, [...steps('send', 'send', 'delete', 'react', 'hear'), { do: 'early', n: 1 }]],
]

test('whatever comes in whatever order, what is loaded has no holes and is as new as it says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(40), fc.array(step, { maxLength: 40, size: 'max' }), async (before, steps) => {
      const server = new ModelServer()
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
    { numRuns: 1000, examples },
  )
}, 60_000)
