import type { EventName, Events } from '../server/contract/events.ts'
import { limits } from '../server/contract/limits.ts'
import { api } from './api.ts'

/** What the page acts on: all that a stream may bring, except heartbeats, which concern the stream alone. */
export type PageEventName = Exclude<EventName, 'heartbeat'>

/** What the page does at each event: one that the contract gains is a type error until it is handled. */
export type EventHandlers = { [Name in PageEventName]: (data: Events[Name]) => void }

/** @param id the cursor that came with the event, or empty */
export type OnEvent = <Name extends PageEventName>(name: Name, data: Events[Name], id: string) => void

const LONGEST_WAIT = 30_000
/** What is silent for two heartbeats is dead without knowing it. */
const maxSilenceMs = 2 * limits.streamHeartbeatMs + 5_000
const LOOK_EVERY = 5_000

/**
 * Holds an EventSource. It comes back by itself after every loss: a broken connection is the
 * browser's business, one that the server refused is opened again here, later each time, and one
 * that has fallen silent at once.
 */
export class Stream {
  #source: EventSource | undefined
  #names: PageEventName[]
  #onEvent: OnEvent
  #onState: (connected: boolean) => void
  #lastEventId: string
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #looking: ReturnType<typeof setInterval>
  #heardAt = 0
  #closing = new AbortController()

  constructor(
    names: PageEventName[],
    onEvent: OnEvent,
    onState: (connected: boolean) => void,
    lastEventId: string,
  ) {
    this.#names = names
    this.#onEvent = onEvent
    this.#onState = onState
    this.#lastEventId = lastEventId
    this.#open()
    this.#looking = setInterval(() => this.look(), LOOK_EVERY)
    const { signal } = this.#closing
    addEventListener('online', () => this.#reopen(), { signal })
    addEventListener('offline', () => onState(false), { signal })
    document.addEventListener('visibilitychange', () => this.look(), { signal })
  }

  /** Opens it again when it has been silent for too long: a half-open connection never ends by itself. */
  look(): void {
    const isOpen = this.#source?.readyState !== EventSource.CLOSED
    // Either way: a clock may jump back, and then would never find it silent.
    if (isOpen && Math.abs(Date.now() - this.#heardAt) > maxSilenceMs) this.#reopen()
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#timer)
    clearInterval(this.#looking)
    this.#source?.close()
  }

  #open(): void {
    const attended = document.hidden ? '0' : '1'
    const place = this.#lastEventId && `&last_event_id=${encodeURIComponent(this.#lastEventId)}`
    this.#source?.close()
    const source = new EventSource(`/api/messages/stream?attended=${attended}${place}`)
    this.#source = source
    this.#heard()
    source.addEventListener('heartbeat', () => this.#heard())
    for (const name of this.#names) source.addEventListener(name, (event) => this.#receive(name, event))
    source.onerror = () => {
      this.#onState(false)
      // Coming back by itself it would still say that somebody is here, of a page that may be asleep.
      if (document.hidden && source.readyState !== EventSource.CLOSED) source.close()
      if (source.readyState === EventSource.CLOSED) this.#openLater()
    }
  }

  #heard(): void {
    this.#heardAt = Date.now()
  }

  #receive<Name extends PageEventName>(name: Name, event: MessageEvent<string>): void {
    this.#heard()
    if (event.lastEventId) this.#lastEventId = event.lastEventId
    if (name === 'connected') {
      this.#failures = 0
      this.#onState(true)
    }
    this.#onEvent(name, JSON.parse(event.data) as Events[Name], event.lastEventId)
  }

  #openLater(): void {
    const wait = Math.min(1000 * 2 ** this.#failures++, LONGEST_WAIT) * (0.5 + Math.random() / 2)
    clearTimeout(this.#timer)
    // An EventSource does not say why it was refused; asking for oneself leads to the sign-in page when it must.
    this.#timer = setTimeout(() => {
      api.me().then(
        () => this.#closing.signal.aborted || this.#open(),
        () => this.#closing.signal.aborted || this.#openLater(),
      )
    }, wait)
  }

  #reopen(): void {
    clearTimeout(this.#timer)
    this.#open()
    this.#onState(false)
  }
}
