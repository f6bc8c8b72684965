import type { EventName, Events } from '../server/live/events.ts'
import { api } from './api.ts'

/** Hears an event, and the place in the history that it was told with. */
export type Hear = <Name extends EventName>(name: Name, data: Events[Name], id: string) => void

const LONGEST_WAIT = 30_000
const SLEPT = 60_000

/**
 * Holds an EventSource. It comes back by itself after every loss: a broken connection is the
 * browser's business, one that the server refused is opened again here, later each time.
 */
export class Stream {
  #source: EventSource | undefined
  #names: EventName[]
  #hear: Hear
  #onState: (connected: boolean) => void
  #lastEventId: string
  #failures = 0
  #timer = 0
  #hiddenSince = 0
  #closing = new AbortController()

  constructor(names: EventName[], hear: Hear, onState: (connected: boolean) => void, lastEventId: string) {
    this.#names = names
    this.#hear = hear
    this.#onState = onState
    this.#lastEventId = lastEventId
    this.#open()
    const { signal } = this.#closing
    addEventListener('online', () => this.#reopen(), { signal })
    addEventListener('offline', () => onState(false), { signal })
    document.addEventListener('visibilitychange', () => this.#wake(), { signal })
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#timer)
    this.#source?.close()
  }

  #open(): void {
    const attended = document.hidden ? '0' : '1'
    const place = this.#lastEventId && `&last_event_id=${encodeURIComponent(this.#lastEventId)}`
    const source = new EventSource(`/api/messages/stream?attended=${attended}${place}`)
    this.#source = source
    for (const name of this.#names) source.addEventListener(name, (event) => this.#receive(name, event))
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
    this.#hear(name, JSON.parse(event.data) as Events[Name], event.lastEventId)
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
    this.#source?.close()
    this.#open()
  }

  // A machine that slept may hold a connection that is dead without knowing it.
  #wake(): void {
    if (document.hidden) this.#hiddenSince = Date.now()
    else if (this.#hiddenSince && Date.now() - this.#hiddenSince > SLEPT) this.#reopen()
  }
}
