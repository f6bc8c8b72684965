import type { Events } from '../server/contract/events.ts'
import { type Channel, Election } from './election.ts'
import { page } from './page.ts'
import { type OnEvent, type PageEventName, Stream } from './stream.ts'
import { uuid } from './uuid.ts'

/** What the leading tab publishes to the others. */
type StreamNews =
  | { kind: 'event'; name: PageEventName; data: Events[PageEventName]; id: string }
  | { kind: 'state'; connected: boolean; hidden: boolean; lastEventId: string }

const channelName = `rozmowa.stream.${page.me.id}`
const canShare = 'BroadcastChannel' in globalThis
const noChannel: () => Channel = () => ({ postMessage() {}, onmessage: null, close() {} })

/**
 * One stream for all tabs of a browser, which allows only six connections to a host: the leading tab holds it and passes
 * events on. When that tab closes or is suspended, another one continues from the last event.
 */
export class SharedStream {
  #names: PageEventName[]
  #onEvent: OnEvent
  #onState: (connected: boolean) => void
  #lastEventId = ''
  #connected = false
  #election: Election<StreamNews> | undefined
  #stream: Stream | undefined

  constructor(names: PageEventName[], onEvent: OnEvent, onState: (connected: boolean) => void) {
    this.#names = names
    this.#onEvent = onEvent
    this.#onState = onState
    this.#follow()
    // A page in the back/forward cache, or frozen, must hold no connection that other tabs wait for.
    addEventListener('pagehide', () => this.#leave())
    addEventListener('pageshow', ({ persisted }) => persisted && this.#join())
    document.addEventListener('freeze', () => this.#leave())
    document.addEventListener('resume', () => this.#join())
    if (canShare) this.#join()
    else this.#joinWhileVisible()
  }

  /** Whether it is this tab that holds the stream. */
  get leads(): boolean {
    return this.#election?.leads === true
  }

  #join(): void {
    if (this.#election) return
    const channel = canShare ? new BroadcastChannel(channelName) : noChannel()
    this.#election = new Election<StreamNews>(channel, uuid(), {
      lead: () => this.#lead(),
      follow: () => this.#follow(),
      receive: (news) => this.#receive(news),
      state: () => this.#currentState(),
      isHidden: () => document.hidden,
    })
  }

  /** Without BroadcastChannel only visible tabs have a stream. */
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

  /** What is missed from here on is caught up with at the leader's first state. */
  #follow(): void {
    this.#stream?.close()
    this.#stream = undefined
    this.#setConnected(false)
  }

  #lead(): void {
    this.#stream?.close()
    this.#stream = new Stream(
      this.#names,
      (name, data, id) => {
        this.#deliver(name, data, id)
        this.#election?.publish({ kind: 'event', name, data, id })
      },
      (connected) => {
        this.#setConnected(connected)
        this.#election?.publish(this.#currentState())
      },
      this.#lastEventId,
    )
  }

  #currentState(): StreamNews {
    this.#stream?.checkSilence()
    const { hidden } = document
    return { kind: 'state', connected: this.#connected, hidden, lastEventId: this.#lastEventId }
  }

  #receive(news: StreamNews): void {
    if (news.kind === 'event') return this.#deliver(news.name, news.data, news.id)
    // Timers that reconnect a stream are throttled in a hidden tab.
    if (!news.connected && news.hidden && !document.hidden) return this.#election?.claim()
    const missed = !this.#connected || news.lastEventId !== this.#lastEventId
    if (news.connected && missed) this.#deliver('resync', {}, news.lastEventId)
    this.#setConnected(news.connected)
  }

  #deliver<Name extends PageEventName>(name: Name, data: Events[Name], id: string): void {
    if (id) this.#lastEventId = id
    this.#onEvent(name, data, id)
  }

  #setConnected(connected: boolean): void {
    this.#connected = connected
    this.#onState(connected)
  }
}
