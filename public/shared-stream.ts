import type { EventName, Events } from '../server/live/events.ts'
import { page } from './page.ts'
import { type Hear, Stream } from './stream.ts'

/** What the tab that has the stream tells the others, and what they ask it. */
type Told =
  | { kind: 'event'; name: EventName; data: Events[EventName]; id: string }
  | { kind: 'state'; connected: boolean }
  | { kind: 'hello' }

const NAME = `rozmowa.stream.${page.me.id}`

/**
 * One stream for all tabs of this browser: the tab that gets the lock has it and passes on what it hears. When that
 * tab goes, the next one gets the lock, and goes on from where it was told last.
 */
export class SharedStream {
  #names: EventName[]
  #hear: Hear
  #onState: (connected: boolean) => void
  #lastEventId = ''
  #connected = false
  #channel: BroadcastChannel | undefined
  #stream: Stream | undefined
  #letGo = () => {}

  constructor(names: EventName[], hear: Hear, onState: (connected: boolean) => void) {
    this.#names = names
    this.#hear = hear
    this.#onState = onState
    this.#join()
    // A page kept for going back to must hold neither lock nor connection.
    addEventListener('pagehide', () => this.#leave())
    addEventListener('pageshow', ({ persisted }) => persisted && this.#join())
  }

  #join(): void {
    // Without TLS there are no locks; then each tab has a stream of its own.
    if (!navigator.locks) return this.#lead()
    this.#channel = new BroadcastChannel(NAME)
    this.#channel.onmessage = ({ data }: MessageEvent<Told>) => this.#receive(data)
    this.#tell({ kind: 'hello' })
    const leaving = new Promise<void>((resolve) => {
      this.#letGo = resolve
    })
    const given = new AbortController()
    void leaving.then(() => given.abort())
    navigator.locks
      .request(NAME, { signal: given.signal }, () => {
        this.#lead()
        return leaving
      })
      .catch(() => {})
  }

  #leave(): void {
    this.#letGo()
    this.#stream?.close()
    this.#stream = undefined
    this.#channel?.close()
    this.#channel = undefined
  }

  #lead(): void {
    this.#stream = new Stream(
      this.#names,
      (name, data, id) => {
        this.#take(name, data, id)
        this.#tell({ kind: 'event', name, data, id })
      },
      (connected) => {
        this.#state(connected)
        this.#tell({ kind: 'state', connected })
      },
      this.#lastEventId,
    )
  }

  #receive(told: Told): void {
    if (told.kind === 'event') this.#take(told.name, told.data, told.id)
    if (told.kind === 'hello' && this.#stream) this.#tell({ kind: 'state', connected: this.#connected })
    if (told.kind === 'state') {
      // Who finds a stream that runs already looks by himself for what he missed.
      if (told.connected && !this.#connected) this.#hear('resync', {}, '')
      this.#state(told.connected)
    }
  }

  #take<Name extends EventName>(name: Name, data: Events[Name], id: string): void {
    if (id) this.#lastEventId = id
    this.#hear(name, data, id)
  }

  #state(connected: boolean): void {
    this.#connected = connected
    this.#onState(connected)
  }

  #tell(told: Told): void {
    this.#channel?.postMessage(told)
  }
}
