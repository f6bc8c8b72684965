import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { askEveryMs, type Channel, Election, standMs } from './election.ts'

/** The tabs of one browser. What is said to one that sleeps waits until it wakes. */
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
  /** How long a message takes to it, ms. */
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
      postMessage: (said) => {
        for (const tab of browser.tabs) if (tab !== this) setTimeout(() => tab.take(said), tab.slow)
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
      hear: (news) => this.heard.push(news),
      answer: () => `${name} lives`,
      isHidden: () => this.hidden,
    })
  }

  /** Closes it, as `pagehide` does. */
  close(): void {
    this.leads = false
    this.election.leave()
  }

  /** Its process is gone: it says nothing any more, and hears nothing. */
  crash(): void {
    this.asleep = true
    this.waiting.length = 0
  }

  wake(): void {
    this.asleep = false
    for (const said of this.waiting.splice(0)) this.take(said)
  }

  private take(said: unknown): void {
    if (this.closed) return
    if (this.asleep) this.waiting.push(said)
    else this.channel.onmessage?.call(undefined as never, { data: structuredClone(said) } as MessageEvent)
  }
}

const seconds = (count: number) => vi.advanceTimersByTime(count * 1000)
let browser: Browser

beforeEach(() => {
  vi.useFakeTimers()
  browser = new Browser()
})
afterEach(() => vi.useRealTimers())

test('one tab leads at once', () => {
  browser.open('a')
  vi.advanceTimersByTime(standMs)
  expect(browser.leaders()).toEqual(['a'])
})

test('of seven tabs opened at the same moment one leads, and stays', () => {
  for (const name of 'abcdefg') browser.open(name)
  seconds(1)
  const [leader] = browser.leaders()
  expect(browser.leaders()).toHaveLength(1)
  seconds(60)
  expect(browser.leaders()).toEqual([leader])
})

test.each<[what: string, act: (leader: Tab) => void, withinMs: number]>([
  ['closed', (leader) => leader.close(), standMs + 10],
  ['crashed', (leader) => leader.crash(), 4 * askEveryMs],
  [
    'put to sleep',
    (leader) => {
      leader.asleep = true
    },
    4 * askEveryMs,
  ],
  [
    'put to sleep when it was hidden',
    (leader) => Object.assign(leader, { hidden: true, asleep: true }),
    4 * askEveryMs,
  ],
])('a leader that is %s is replaced by one other', (_, act, withinMs) => {
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

test('a leader that wakes follows, says nothing that others hear, and misses nothing that was published meanwhile', () => {
  const [first, second] = [browser.open('a'), browser.open('b')]
  seconds(1)
  const [leader, other] = first.leads ? [first, second] : [second, first]
  leader.asleep = true
  seconds(5)
  expect(other.leads).toBe(true)
  other.election.publish('meanwhile')
  seconds(1)
  other.heard.length = 0
  // What its connection holds is heard before what the others said.
  leader.election.publish('late')
  leader.wake()
  seconds(1)
  expect(other.heard).not.toContain('late')
  expect(leader.heard).toContain('meanwhile')
  expect(browser.leaders()).toEqual([other.name])
})

test('a leader that woke deaf to what was said is set right when it speaks', () => {
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
])('a clock set %s changes no leader, and leaves one when it falls asleep', (_, by) => {
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

test('a hidden leader that answers, however slow its own timers, is left to lead', () => {
  const leader = browser.open('a')
  seconds(1)
  browser.open('b')
  Object.assign(leader, { hidden: true, slow: 800 })
  seconds(600)
  expect(browser.leaders()).toEqual(['a'])
})

test('a visible tab goes before hidden ones', () => {
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

test('a tab opened while the leader sleeps leads, and does so still when that one wakes', () => {
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
