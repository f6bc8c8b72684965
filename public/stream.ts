import type { EventName, Events } from '../server/live/events.ts'
import { api } from './api.ts'

export type Handlers = { [Name in EventName]?: (data: Events[Name]) => void }

const LONGEST_WAIT = 30_000
const SLEPT = 60_000

/**
 * Holds the one EventSource of this page. It comes back by itself after every loss: a broken connection is the
 * browser's business, one that the server refused is opened again here, later each time.
 */
export class Stream {
  #source: EventSource | undefined
  #handlers: Handlers
  #onState: (connected: boolean) => void
  #lastEventId = ''
  #failures = 0
  #timer = 0
  #hiddenSince = 0

  constructor(handlers: Handlers, onState: (connected: boolean) => void) {
    this.#handlers = handlers
    this.#onState = onState
    this.#open()
    addEventListener('online', () => this.#reopen())
    addEventListener('offline', () => onState(false))
    addEventListener('pagehide', () => this.#source?.close())
    addEventListener('pageshow', ({ persisted }) => persisted && this.#reopen())
    document.addEventListener('visibilitychange', () => this.#wake())
  }

  #open(): void {
    const attended = document.hidden ? '0' : '1'
    const place = this.#lastEventId && `&last_event_id=${encodeURIComponent(this.#lastEventId)}`
    const source = new EventSource(`/api/messages/stream?attended=${attended}${place}`)
    this.#source = source
    for (const name of Object.keys(this.#handlers) as EventName[])
      source.addEventListener(name, (event) => this.#receive(name, event))
    source.onerror = () => {
      this.#onState(false)
      // Coming back by itself it would still say that somebody is here, of a page that may be asleep.
      if (document.hidden && source.readyState !== EventSource.CLOSED) source.close()
      if (source.readyState === EventSource.CLOSED) this.#openLater()
    }
  }

  #receive<Name extends EventName>(name: Name, event: MessageEvent<string>): void {
    if (event.lastEventId) this.#lastEventId = event.lastEventId
    if (name === 'connected') {
      this.#failures = 0
      this.#onState(true)
    }
    this.#handlers[name]?.(JSON.parse(event.data) as Events[Name])
  }

  #openLater(): void {
    const wait = Math.min(1000 * 2 ** this.#failures++, LONGEST_WAIT) * (0.5 + Math.random() / 2)
    clearTimeout(this.#timer)
    // An EventSource does not say why it was refused; asking for oneself leads to the sign-in page when it must.
    this.#timer = setTimeout(() => {
      api.me().then(
        () => this.#open(),
        () => this.#openLater(),
      )
    }, wait)
  }

  #reopen(): void {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#open()
  }

  // A machine that slept may hold a connection that is dead without knowing it.
  #wake(): void {
    if (document.hidden) this.#hiddenSince = Date.now()
    else if (this.#hiddenSince && Date.now() - this.#hiddenSince > SLEPT) this.#reopen()
  }
}
