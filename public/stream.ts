import type { EventName, Events } from '../server/contract/events.ts'
import { limits } from '../server/contract/limits.ts'
import { api } from './api.ts'

/** What the page acts on: all that a stream may bring, except heartbeats, which concern the stream alone. */
export type PageEventName = Exclude<EventName, 'heartbeat'>

/** What the page does at each event: one that the contract gains is a type error until it is handled. */
export type EventHandlers = { [Name in PageEventName]: (data: Events[Name]) => void }

/** @param id the cursor that came with the event, or empty */
export type OnEvent = <Name extends PageEventName>(name: Name, data: Events[Name], id: string) => void

const maxWaitMs = 30_000
/** After two missed heartbeats the connection is dead. */
const maxSilenceMs = 2 * limits.streamHeartbeatMs + 5_000
const checkIntervalMs = 5_000

/**
 * An EventSource that always comes back. The browser reconnects after a broken connection; one that the server refused
 * is reopened here, with growing delays, and one that has gone silent is reopened at once.
 */
export class Stream {
  #source: EventSource | undefined
  #names: PageEventName[]
  #onEvent: OnEvent
  #onState: (connected: boolean) => void
  #lastEventId: string
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #checking: ReturnType<typeof setInterval>
  #aliveAt = 0
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
    this.#checking = setInterval(() => this.checkSilence(), checkIntervalMs)
    const { signal } = this.#closing
    addEventListener('online', () => this.#reopen(), { signal })
    addEventListener('offline', () => onState(false), { signal })
    document.addEventListener('visibilitychange', () => this.checkSilence(), { signal })
  }

  /** Reopens a connection that has been silent for too long: a half-open one never ends by itself. */
  checkSilence(): void {
    const isOpen = this.#source?.readyState !== EventSource.CLOSED
    // Absolute, because the clock may jump back.
    if (isOpen && Math.abs(Date.now() - this.#aliveAt) > maxSilenceMs) this.#reopen()
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#timer)
    clearInterval(this.#checking)
    this.#source?.close()
  }

  #open(): void {
    const attended = document.hidden ? '0' : '1'
    const place = this.#lastEventId && `&last_event_id=${encodeURIComponent(this.#lastEventId)}`
    this.#source?.close()
    const source = new EventSource(`/api/messages/stream?attended=${attended}${place}`)
    this.#source = source
    this.#markAlive()
    source.addEventListener('heartbeat', () => this.#markAlive())
    for (const name of this.#names) source.addEventListener(name, (event) => this.#receive(name, event))
    source.onerror = () => {
      this.#onState(false)
      // The browser's own reconnect would still say `attended=1` for a page that may be frozen.
      if (document.hidden && source.readyState !== EventSource.CLOSED) source.close()
      if (source.readyState === EventSource.CLOSED) this.#openLater()
    }
  }

  #markAlive(): void {
    this.#aliveAt = Date.now()
  }

  #receive<Name extends PageEventName>(name: Name, event: MessageEvent<string>): void {
    this.#markAlive()
    if (event.lastEventId) this.#lastEventId = event.lastEventId
    if (name === 'connected') {
      this.#failures = 0
      this.#onState(true)
    }
    this.#onEvent(name, JSON.parse(event.data) as Events[Name], event.lastEventId)
  }

  #openLater(): void {
    const wait = Math.min(1000 * 2 ** this.#failures++, maxWaitMs) * (0.5 + Math.random() / 2)
    clearTimeout(this.#timer)
    // An EventSource does not say why it was refused; this request goes to the sign-in page if the session is over.
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
