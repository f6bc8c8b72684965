import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { askIntervalMs, type Channel, Election, standMs } from './election.ts'

/** The tabs of one browser. Messages to a sleeping tab wait until it wakes. */
class Browser {
  readonly tabs: Tab[] = []
  open = (name: string, more: Partial<Pick<Tab, 'hidden' | 'slow'>> = {}) => new Tab(this, name, more)
  leaders = () => this.tabs.filter((tab) => tab.leads && !tab.asleep).map(({ name }) => name)
}

class Tab {
  readonly heard: string[] = []
  hidden = false
  asleep = false
  leads = false
  /** How long a message to it takes, in ms. */
  slow = 1
  closed = false
  readonly name: string
  readonly election: Election<string>
  private readonly waiting: unknown[] = []
  private readonly channel: Channel

  constructor(browser: Browser, name: string, more: Partial<Tab>) {
    this.name = name
    Object.assign(this, more)
    this.channel = {
      onmessage: null,
      postMessage: (message) => {
        for (const tab of browser.tabs) if (tab !== this) setTimeout(() => tab.take(message), tab.slow)
      },
      close: () => {
        this.closed = true
      },
    }
    browser.tabs.push(this)
    this.election = new Election(this.channel, name, {
      lead: () => {
        this.leads = true
      },
      follow: () => {
        this.leads = false
      },
      receive: (news) => this.heard.push(news),
      state: () => `${name} lives`,
      isHidden: () => this.hidden,
    })
  }

  /** As on `pagehide`. */
  close(): void {
    this.leads = false
    this.election.leave()
  }

  /** Its process is gone: it neither sends nor receives. */
  crash(): void {
    this.asleep = true
    this.waiting.length = 0
  }

  wake(): void {
    this.asleep = false
    for (const message of this.waiting.splice(0)) this.take(message)
  }

  private take(message: unknown): void {
    if (this.closed) return
    if (this.asleep) this.waiting.push(message)
    else this.channel.onmessage?.call(undefined as never, { data: structuredClone(message) } as MessageEvent)
  }
}

const seconds = (count: number) => vi.advanceTimersByTime(count * 1000)
let browser: Browser

beforeEach(() => {
  vi.useFakeTimers()
  browser = new Browser()
})
afterEach(() => vi.useRealTimers())

test('a single tab leads right away', () => {
  browser.open('a')
  vi.advanceTimersByTime(standMs)
  expect(browser.leaders()).toEqual(['a'])
})

test('one of seven tabs opened at the same time leads, and keeps leading', () => {
  for (const name of 'abcdefg') browser.open(name)
  seconds(1)
  const [leader] = browser.leaders()
  expect(browser.leaders()).toHaveLength(1)
  seconds(60)
  expect(browser.leaders()).toEqual([leader])
})

test.each<[what: string, act: (leader: Tab) => void, withinMs: number]>([
  ['closed', (leader) => leader.close(), standMs + 10],
  ['crashed', (leader) => leader.crash(), 4 * askIntervalMs],
  [
    'suspended',
    (leader) => {
      leader.asleep = true
    },
    4 * askIntervalMs,
  ],
  [
    'suspended while hidden',
    (leader) => Object.assign(leader, { hidden: true, asleep: true }),
    4 * askIntervalMs,
  ],
])('a leader that is %s is replaced by exactly one other tab', (_, act, withinMs) => {
  const first = browser.open('z')
  seconds(1)
  for (const name of 'abc') browser.open(name)
  seconds(5)
  expect(browser.leaders()).toEqual(['z'])
  act(first)
  vi.advanceTimersByTime(withinMs)
  expect(browser.leaders()).toHaveLength(1)
  expect(browser.leaders()).not.toContain('z')
})

test('a leader that wakes follows, has its late events ignored, and misses nothing published meanwhile', () => {
  const [first, second] = [browser.open('a'), browser.open('b')]
  seconds(1)
  const [leader, other] = first.leads ? [first, second] : [second, first]
  leader.asleep = true
  seconds(5)
  expect(other.leads).toBe(true)
  other.election.publish('meanwhile')
  seconds(1)
  other.heard.length = 0
  // Events from its own connection arrive before the messages of other tabs.
  leader.election.publish('late')
  leader.wake()
  seconds(1)
  expect(other.heard).not.toContain('late')
  expect(leader.heard).toContain('meanwhile')
  expect(browser.leaders()).toEqual([other.name])
})

test('a leader that woke without having heard the others is corrected when it publishes', () => {
  const [first, second] = [browser.open('a'), browser.open('b')]
  seconds(1)
  const [leader, other] = first.leads ? [first, second] : [second, first]
  leader.crash()
  seconds(5)
  leader.wake()
  leader.election.publish('I still lead')
  seconds(1)
  expect(browser.leaders()).toEqual([other.name])
  expect(other.heard).not.toContain('I still lead')
})

test.each([
  ['an hour ahead', 3_600_000],
  ['an hour back', -3_600_000],
])('a clock set %s does not change the leader, nor prevent its replacement', (_, by) => {
  for (const name of 'abc') browser.open(name)
  seconds(2)
  const leaders = browser.leaders()
  vi.setSystemTime(Date.now() + by)
  seconds(10)
  expect(browser.leaders()).toEqual(leaders)
  browser.tabs.find(({ leads }) => leads)!.asleep = true
  seconds(5)
  expect(browser.leaders()).toHaveLength(1)
  for (const tab of browser.tabs) tab.wake()
  seconds(2)
  expect(browser.leaders()).toHaveLength(1)
})

test('a hidden leader that answers keeps leading, however slow its timers', () => {
  const leader = browser.open('a')
  seconds(1)
  browser.open('b')
  Object.assign(leader, { hidden: true, slow: 800 })
  seconds(600)
  expect(browser.leaders()).toEqual(['a'])
})

test('a visible tab takes precedence over hidden ones', () => {
  const leader = browser.open('a')
  seconds(1)
  browser.open('z', { hidden: true })
  browser.open('b')
  browser.open('y', { hidden: true })
  seconds(1)
  leader.close()
  seconds(1)
  expect(browser.leaders()).toEqual(['b'])
})

test('a tab opened while the leader sleeps leads, and keeps leading when that one wakes', () => {
  const first = browser.open('z')
  seconds(1)
  first.asleep = true
  seconds(1)
  browser.open('a')
  seconds(1)
  expect(browser.leaders()).toEqual(['a'])
  first.wake()
  seconds(2)
  expect(browser.leaders()).toEqual(['a'])
})
