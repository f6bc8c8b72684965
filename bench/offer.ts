import { setTimeout as sleep } from 'node:timers/promises'
import { percentiles } from './measure.ts'

/** What is not heard within so long after the last send counts as lost. */
const patienceMs = 5000

/** What became of messages that were offered at a rate. Times in ms. */
export class Run {
  offered = 0
  sent = 0
  deliveries = 0
  /** From the moment a message was due, or was sent, until its last reader had it. */
  readonly fromDue: number[] = []
  readonly fromSend: number[] = []
  /** Messages that not all readers had in time. */
  lost = 0
  seconds = 0

  get perSecond(): number {
    return this.deliveries / this.seconds
  }

  get unheard(): number {
    return this.sent - this.fromDue.length
  }

  /** At the rate it was offered, without loss, and for 99 of 100 within so many ms from when it was due. */
  isHeld(withinMs: number): boolean {
    const enough = this.fromDue.length >= this.offered * 0.95
    return enough && this.lost === 0 && percentiles(this.fromDue).p99 <= withinMs
  }
}

interface Message {
  run: Run
  due: number
  sentAt: number
  readersLeft: number
}

/** A conversation under load: with one send at a time the nth message that a reader hears is the nth that was sent. */
export class Channel {
  readonly #readers: number
  readonly #send: () => Promise<unknown>
  readonly #waiting: Message[] = []
  readonly #sent: Message[] = []
  #sending: Promise<void> | undefined
  #failure: Error | undefined

  constructor(readers: number, send: () => Promise<unknown>) {
    this.#readers = readers
    this.#send = send
  }

  /** @returns what a reader's stream calls with each message */
  reader(): () => void {
    let count = 0
    return () => this.#hear(this.#sent[count++])
  }

  #hear(message: Message | undefined): void {
    if (!message) throw new Error('a stream heard more messages than were sent')
    message.run.deliveries++
    if (--message.readersLeft > 0) return
    const now = performance.now()
    message.run.fromDue.push(now - message.due)
    message.run.fromSend.push(now - message.sentAt)
  }

  offer(run: Run, due: number): void {
    run.offered++
    this.#waiting.push({ run, due, sentAt: 0, readersLeft: this.#readers })
    this.#sending ??= this.#sendAll()
  }

  async #sendAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      next.run.sent++
      next.sentAt = performance.now()
      this.#sent.push(next)
      await this.#send().catch((error) => {
        this.#failure ??= error
      })
    }
    this.#sending = undefined
  }

  /** Gives up what is not sent yet. @throws Error when something could not be sent */
  async drop(): Promise<void> {
    this.#waiting.length = 0
    await this.#sending
    if (this.#failure) throw this.#failure
  }
}

/** Offers messages to the channels in turn, so many a second in all, whether or not the former ones have arrived. */
export async function offer(channels: Channel[], rate: number, seconds: number): Promise<Run> {
  const run = new Run()
  const total = Math.round(rate * seconds)
  const start = performance.now()
  for (; run.offered < total; await sleep(1)) {
    const due = Math.min(total, ((performance.now() - start) * rate) / 1000)
    while (run.offered < due)
      channels[run.offered % channels.length]!.offer(run, start + (run.offered * 1000) / rate)
  }
  await until(() => run.fromDue.length === total, patienceMs)
  run.seconds = Math.max(seconds, (performance.now() - start) / 1000)
  await Promise.all(channels.map((channel) => channel.drop()))
  run.lost = run.unheard
  // The next run finds a quiet service.
  await until(() => run.unheard === 0, 12 * patienceMs)
  return run
}

async function until(isDone: () => boolean, withinMs: number): Promise<void> {
  for (const end = performance.now() + withinMs; !isDone() && performance.now() < end; ) await sleep(5)
}
