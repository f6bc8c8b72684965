import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Stream } from './stream.ts'

class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  static all: FakeSource[] = []
  readyState = 0
  onerror: () => void = () => {}
  readonly url: string

  constructor(url: string) {
    super()
    this.url = url
    FakeSource.all.push(this)
  }

  close(): void {
    this.readyState = FakeSource.CLOSED
  }

  send(name: string, lastEventId = ''): void {
    this.readyState = 1
    this.dispatchEvent(Object.assign(new Event(name), { data: '{}', lastEventId }))
  }
}

const page = new EventTarget()
const open = () => FakeSource.all.filter(({ readyState }) => readyState !== FakeSource.CLOSED)
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000)
let states: boolean[]
let stream: Stream

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
  vi.stubGlobal('document', Object.assign(page, { hidden: false }))
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('fetch', async () => Response.json({}))
  FakeSource.all = []
  states = []
  stream = new Stream(
    ['connected', 'new_message'],
    () => {},
    (connected) => {
      states.push(connected)
      // SharedStream calls it at every change of state.
      stream.checkSilence()
    },
    '',
  )
})
afterEach(() => {
  stream.close()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('a stream with heartbeats is left alone', async () => {
  const [source] = FakeSource.all
  source!.send('connected', 'e-1')
  for (let beats = 0; beats < 40; beats++) {
    await seconds(15)
    source!.send('heartbeat')
  }
  expect(FakeSource.all).toHaveLength(1)
  expect(states).toEqual([true])
})

test('a silent stream is reported and reopened from its last event', async () => {
  FakeSource.all[0]!.send('connected', 'e-1')
  FakeSource.all[0]!.send('new_message', 'e-2')
  await seconds(45)
  expect(FakeSource.all).toHaveLength(2)
  expect(open()).toEqual([FakeSource.all[1]])
  expect(FakeSource.all[1]!.url).toContain('last_event_id=e-2')
  expect(states).toEqual([true, false])
  FakeSource.all[1]!.send('connected', 'e-2')
  expect(states).toEqual([true, false, true])
})

test('a stream that never answers is reopened', async () => {
  await seconds(100)
  expect(FakeSource.all.length).toBeGreaterThan(1)
  expect(open()).toHaveLength(1)
})

test.each([
  ['ahead', 3_600_000],
  ['back', -3_600_000],
])('a clock that jumps %s costs at most one connection, and hides no silence', async (_, by) => {
  FakeSource.all[0]!.send('connected', 'e-1')
  vi.setSystemTime(Date.now() + by)
  await seconds(10)
  FakeSource.all.at(-1)!.send('connected', 'e-1')
  expect(FakeSource.all.length).toBeLessThanOrEqual(2)
  const before = FakeSource.all.length
  await seconds(45)
  expect(FakeSource.all.length).toBeGreaterThan(before)
})

test('a page that becomes visible after a sleep checks at once', async () => {
  FakeSource.all[0]!.send('connected', 'e-1')
  vi.setSystemTime(Date.now() + 3_600_000)
  page.dispatchEvent(new Event('visibilitychange'))
  expect(FakeSource.all).toHaveLength(2)
})

test('the network returning during a reconnect leads to one connection, not two', async () => {
  FakeSource.all[0]!.close()
  FakeSource.all[0]!.onerror()
  await vi.advanceTimersToNextTimerAsync()
  page.dispatchEvent(new Event('online'))
  await seconds(5)
  expect(open()).toHaveLength(1)
})
