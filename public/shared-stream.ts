import type { Events } from '../server/contract/events.ts'
import { type Channel, Election } from './election.ts'
import { page } from './page.ts'
import { type OnEvent, type PageEventName, Stream } from './stream.ts'
import { uuid } from './uuid.ts'

/** What the tab that has the stream publishes to the others. */
type News =
  | { kind: 'event'; name: PageEventName; data: Events[PageEventName]; id: string }
  | { kind: 'state'; connected: boolean; hidden: boolean; lastEventId: string }

const NAME = `rozmowa.stream.${page.me.id}`
const canShare = 'BroadcastChannel' in globalThis
const alone: () => Channel = () => ({ postMessage() {}, onmessage: null, close() {} })

/**
 * One stream for all tabs of this browser, which allows only six connections to a host: the tab that leads has it and
 * passes on what it hears. When that tab goes or falls asleep, another goes on from what it heard last.
 */
export class SharedStream {
  #names: PageEventName[]
  #onEvent: OnEvent
  #onState: (connected: boolean) => void
  #lastEventId = ''
  #connected = false
  #election: Election<News> | undefined
  #stream: Stream | undefined

  constructor(names: PageEventName[], onEvent: OnEvent, onState: (connected: boolean) => void) {
    this.#names = names
    this.#onEvent = onEvent
    this.#onState = onState
    this.#follow()
    // A page that is kept for going back to, or put to sleep, must hold no connection that others wait for.
    addEventListener('pagehide', () => this.#leave())
    addEventListener('pageshow', ({ persisted }) => persisted && this.#join())
    document.addEventListener('freeze', () => this.#leave())
    document.addEventListener('resume', () => this.#join())
    if (canShare) this.#join()
    else this.#joinWhileVisible()
  }

  #join(): void {
    if (this.#election) return
    const channel = canShare ? new BroadcastChannel(NAME) : alone()
    this.#election = new Election<News>(channel, uuid(), {
      lead: () => this.#lead(),
      follow: () => this.#follow(),
      hear: (news) => this.#receive(news),
      answer: () => this.#answer(),
      isHidden: () => document.hidden,
    })
  }

  /** Where nothing can be shared only a tab that is looked at has a stream. */
  #joinWhileVisible(): void {
    const follow = () => (document.hidden ? this.#leave() : this.#join())
    document.addEventListener('visibilitychange', follow)
    follow()
  }

  #leave(): void {
    this.#follow()
    this.#election?.leave()
    this.#election = undefined
  }

  /** Closes what others need no longer wait for; what was not heard meanwhile is looked for with the first state. */
  #follow(): void {
    this.#stream?.close()
    this.#stream = undefined
    this.#state(false)
  }

  #lead(): void {
    this.#stream?.close()
    this.#stream = new Stream(
      this.#names,
      (name, data, id) => {
        this.#take(name, data, id)
        this.#election?.publish({ kind: 'event', name, data, id })
      },
      (connected) => {
        this.#state(connected)
        this.#election?.publish(this.#answer())
      },
      this.#lastEventId,
    )
  }

  #answer(): News {
    this.#stream?.look()
    const { hidden } = document
    return { kind: 'state', connected: this.#connected, hidden, lastEventId: this.#lastEventId }
  }

  #receive(news: News): void {
    if (news.kind === 'event') return this.#take(news.name, news.data, news.id)
    // In a hidden tab the timers that bring a stream back are slow.
    if (!news.connected && news.hidden && !document.hidden) return this.#election?.claim()
    const missed = !this.#connected || news.lastEventId !== this.#lastEventId
    if (news.connected && missed) this.#take('resync', {}, news.lastEventId)
    this.#state(news.connected)
  }

  #take<Name extends PageEventName>(name: Name, data: Events[Name], id: string): void {
    if (id) this.#lastEventId = id
    this.#onEvent(name, data, id)
  }

  #state(connected: boolean): void {
    this.#connected = connected
    this.#onState(connected)
  }
}
