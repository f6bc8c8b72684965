import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api, type Place } from '../api.ts'
import { Problem } from '../http.ts'
import { ModelServer, pageSize } from './model-server.ts'
import { Paging } from './paging.ts'
import { Stretch } from './stretch.ts'

const limits = { maxLoaded: 20, kept: 12, maxAtEnd: 10, keptAtEnd: 8, maxPending: 5 }

/** A page, and a network that responds and delivers in any order. */
class Screen {
  readonly server: ModelServer
  readonly stretch: Stretch
  readonly paging: Paging
  readonly #requests: { answer: () => unknown; respond: (outcome: () => unknown) => void }[] = []
  readonly #answers: (() => void)[] = []
  readonly #closing = new AbortController()
  /** The index of the next published event to arrive. */
  #delivered: number

  constructor(server: ModelServer) {
    this.server = server
    this.#delivered = server.published.length
    this.stretch = new Stretch(server.page({}), limits)
    this.paging = new Paging(1, this.stretch, this.#closing.signal)
    const messages = (_: number, place: Place = {}) =>
      this.#request(() => server.page({ ...place, ...(place.limit && { limit: 2 * pageSize }) }))
    vi.spyOn(api, 'messages').mockImplementation(messages)
    vi.spyOn(api, 'changes').mockImplementation((_, { after_seq }) =>
      this.#request(() => server.changes(after_seq)),
    )
  }

  #request<Answer>(answer: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const respond = (outcome: () => unknown) => {
        try {
          resolve(outcome() as Answer)
        } catch (error) {
          reject(error)
        }
      }
      this.#requests.push({ answer, respond })
    })
  }

  get isIdle(): boolean {
    return !this.#requests.length && !this.#answers.length
  }

  /** The server answers a request from its current state; the response is on its way. */
  serve(which: number): void {
    const [request] = this.#requests.splice(which % (this.#requests.length || 1), 1)
    if (!request) return
    const answer = request.answer()
    this.#answers.push(() => request.respond(() => answer))
  }

  fail(which: number): void {
    const [request] = this.#requests.splice(which % (this.#requests.length || 1), 1)
    request?.respond(() => {
      throw new Problem(503, {})
    })
  }

  answer(which: number): void {
    this.#answers.splice(which % (this.#answers.length || 1), 1)[0]?.()
  }

  /** A published event arrives: `ahead` 0 is the next one, more a later one, less one that has arrived already. */
  deliver(ahead: number): void {
    const index = this.#delivered + ahead
    const news = this.server.published[index]
    if (!news) return
    if (ahead === 0) this.#delivered++
    if ('message' in news) this.stretch.receive(news.message)
    else this.stretch.change(news.name, news.event as never)
    this.paging.checkForGap()
  }

  /** Events published meanwhile never arrive; the page catches up. */
  comeBack(): void {
    this.#delivered = this.server.published.length
    void this.paging.catchUp()
  }

  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      while (this.#delivered < this.server.published.length) this.deliver(0)
      while (!this.isIdle) {
        this.serve(0)
        this.answer(0)
        await flushMicrotasks()
        quiet = 0
      }
      vi.advanceTimersByTime(60_000)
      await flushMicrotasks()
    }
  }

  close(): void {
    this.#closing.abort()
  }

  /** The invariants. */
  check(): void {
    const { stretch, server } = this
    const ids = stretch.messages.map(({ id }) => id)
    const all = server.messages.map(({ id }) => id)
    const from = all.indexOf(ids[0]!)
    expect(ids).toEqual(ids.length ? all.slice(from, from + ids.length) : [])
    expect(stretch.hasOlder).toBe(from > 0)
    const rest = ids.length ? server.messages.slice(from + ids.length) : server.messages
    // With the end loaded, the stretch has everything sent up to its `seq`.
    if (!stretch.hasNewer) expect(rest.filter(({ seq }) => seq <= stretch.seq)).toEqual([])
    else expect(rest).not.toEqual([])
    // Whatever has not changed since its `seq` is up to date.
    const there = new Map(stretch.messages.map((message) => [message.id, message]))
    for (const message of server.messages.slice(from < 0 ? 0 : from))
      if (there.has(message.id) && message.seq <= stretch.seq) expect(there.get(message.id)).toEqual(message)
  }

  /** Once nothing is on its way, nothing is missing. */
  checkAll(): void {
    this.check()
    const { stretch, server } = this
    expect(stretch.isBehind).toBe(false)
    expect(server.messages.filter(({ seq }) => seq > stretch.seq)).toEqual([])
    if (!stretch.hasNewer) expect(stretch.newest).toEqual(server.messages.at(-1))
  }
}

/** Runs all microtasks. */
async function flushMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await undefined
}

const number = fc.nat(1000)
const often = (weight: number, ...what: string[]) => ({
  weight,
  arbitrary: fc.record({ do: fc.constantFrom(...what), n: number }),
})
const step = fc.oneof(
  often(6, 'send', 'sendMine', 'deliver', 'serve', 'answer'),
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
    deliver: () => screen.deliver(0),
    early: () => screen.deliver(1 + (n % 4)),
    again: () => screen.deliver(-1 - (n % 4)),
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
  paging.checkForGap()
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const steps = (...all: string[]) => all.map((each) => ({ do: each, n: 0 }))
/** Regressions. */
const examples: [number, { do: string; n: number }[]][] = [
  [0, steps('away', 'serve', 'edit')],
  [0, [...steps('send', 'send', 'delete', 'react', 'deliver'), { do: 'early', n: 1 }]],
]

test('the loaded stretch has no holes and is as new as its seq, in whatever order things arrive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(40), fc.array(step, { maxLength: 40, size: 'max' }), async (before, steps) => {
      const server = new ModelServer()
      for (let i = 0; i < before; i++) server.send()
      const screen = new Screen(server)
      screen.check()
      for (const each of steps) {
        take(screen, each)
        await flushMicrotasks()
        screen.check()
      }
      await screen.idle()
      screen.checkAll()
      // From anywhere, scrolling down leads to the newest.
      for (let i = 0; screen.stretch.hasNewer && i < 100; i++) {
        void screen.paging.newer()
        await screen.idle()
        screen.check()
      }
      expect(screen.stretch.newest).toEqual(server.messages.at(-1))
      screen.close()
    }),
    { numRuns: 1000, examples },
  )
}, 60_000)
