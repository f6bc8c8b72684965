import { setTimeout as sleep } from 'node:timers/promises'
import type { Conversation } from '../server/contract/conversations.ts'
import type { Message } from '../server/contract/messages.ts'
import type { Healing } from './healing.ts'
import { noteWrong, type RetryContext, retry } from './retry.ts'
import { Stream } from './stream.ts'
import { type StreamEvent, View } from './view.ts'

const changes = new Set(['new_message', 'message_updated', 'message_edited', 'message_deleted', 'reaction'])

/** What a member may be shown. */
interface Rights {
  talkIds: Set<number>
  /** Begins whatever is written in their installation. */
  mark: string
}

/** A member's device: opens a stream, loses it, reconnects with its cursor, and keeps what it received. */
export class Reader {
  readonly view = new View()
  readonly #means: RetryContext
  readonly #rights: Rights
  /** How often a backup had been restored when it last loaded afresh. */
  #restores = 0
  readonly #healing: Healing
  #stream: Stream | undefined
  #cursor: string | undefined
  #connectedAt = Number.POSITIVE_INFINITY
  /** What comes while the state is loaded. */
  #waiting: StreamEvent[] | undefined = []
  #loading: Promise<void> | undefined
  /** Numbers shown on this connection. */
  #shown = new Map<number, number>()
  #isCalm = false
  #isOver = false
  #whenLoaded = Promise.withResolvers<void>()

  constructor(means: RetryContext, rights: Rights, healing: Healing) {
    this.#means = means
    this.#rights = rights
    this.#healing = healing
    healing.join(this)
  }

  /** Resolves once it is connected and knows the state. */
  start(): Promise<void> {
    this.#connect()
    return this.#whenLoaded.promise
  }

  cut = (): void => this.#stream?.cut()

  /** From now on it stays where it is, and comes back only when it is cut off. */
  calm(): void {
    this.#isCalm = true
  }

  stop(): void {
    this.#isOver = true
    this.cut()
  }

  #connect(): void {
    if (this.#isOver) return
    const { client, random, tally } = this.#means
    tally.add(this.#cursor ? 'reconnects' : 'connects')
    const stays = setTimeout(() => this.#isCalm || this.cut(), random.between(2000, 15_000))
    this.#shown = new Map()
    this.#stream = new Stream(client, this.#cursor, {
      heard: (event, id) => this.#hear(event, id),
      ended: (refusal) => {
        clearTimeout(stays)
        this.#connectedAt = Number.POSITIVE_INFINITY
        if (refusal) tally.count('refused streams', `${refusal.status}`)
        if (refusal) noteWrong(tally, refusal.status, refusal.headers)
        void this.#comeBack()
      },
    })
  }

  async #comeBack(): Promise<void> {
    await sleep(this.#means.random.between(50, 2000))
    this.#connect()
  }

  #hear(event: StreamEvent, id: string | undefined): void {
    this.#cursor = id ?? this.#cursor
    this.#mustBeTheirs(event.data)
    if (changes.has(event.event)) this.#note(event.data)
    if (event.event === 'connected') this.#connected()
    else if (event.event === 'resync') this.#resync()
    else if (this.#waiting) this.#waiting.push(event)
    else this.#apply(event)
  }

  /** A stream should not need its reader's memory; only a reader who comes back does. */
  #note({ conversation_id: id, seq }: { conversation_id: number; seq: number }): void {
    if (seq <= (this.#shown.get(id) ?? 0)) this.#means.tally.add('repeats')
    else this.#shown.set(id, seq)
  }

  // biome-ignore lint/suspicious/noExplicitAny: of any event
  #mustBeTheirs({ conversation_id: id, conversation, message, new_content }: any): void {
    const { talkIds, mark } = this.#rights
    const written = [conversation?.name, message?.kind === 'user' && message.content, new_content]
    const isForeign = written.some((each) => each && !each.replace('<p>', '').startsWith(`${mark} `))
    if (isForeign || (id !== undefined && !talkIds.has(id))) this.#means.tally.add('strangers')
  }

  #connected(): void {
    this.#connectedAt = Date.now()
    if (this.#waiting) this.#load()
  }

  #resync(): void {
    const { tally } = this.#means
    tally.add('resyncs')
    this.#waiting = []
    this.#load(() => this.#forget())
  }

  #apply(event: StreamEvent): void {
    const { conversation_id: id, message } = event.data
    // What changed during an outage comes as a message, also to who was shown it before.
    const wasShown = this.view.places.get(id)?.messages.has(message?.id)
    const isNew = this.view.apply(event)
    if (!isNew || wasShown || event.event !== 'new_message') return
    const sentAt = Date.parse(message.created_at)
    this.#healing.shown(this, sentAt)
    this.#means.tally.add('shown')
    if (sentAt < this.#connectedAt) return
    this.#means.tally.took('received', Date.now() - sentAt)
    if (Date.now() - sentAt > 1000) this.#means.tally.add('found late')
  }

  /** Its state is void. With a new history, nothing received before counts. */
  #forget(): void {
    const restores = this.#means.tally.of('restores')
    this.view.startAfresh(restores > this.#restores)
    this.#restores = restores
  }

  #load(begin = () => {}): void {
    const after = (this.#loading ?? Promise.resolve()).then(begin)
    const loading = after.then(() => this.#loadAll()).catch((error) => this.#noteBroken(error))
    this.#loading = loading
    loading.then(() => {
      // A later load has yet to end.
      if (this.#loading !== loading) return
      const waiting = this.#waiting ?? []
      this.#waiting = undefined
      for (const event of waiting) this.#apply(event)
      this.#whenLoaded.resolve()
    })
  }

  /** A state that cannot be loaded would be mistaken for lost messages. */
  #noteBroken(error: Error): void {
    if (!this.#means.signal.aborted) this.#means.tally.count('broken loads', error.message)
  }

  async #loadAll(): Promise<void> {
    const { body } = await retry(this.#means, 'GET', '/api/conversations?limit=100')
    for (const { id, seq } of body.conversations as Conversation[]) {
      this.#mustBeTheirs({ conversation_id: id })
      const position = this.view.places.get(id)?.position
      if (position === undefined || position < seq) await this.#loadChanges(id, position ?? 0)
    }
  }

  async #loadChanges(id: number, after: number): Promise<void> {
    const { body } = await retry(this.#means, 'GET', `/api/conversations/${id}/changes?after_seq=${after}`)
    const { conversation, messages, seq, has_more } = body
    for (const message of messages) this.#mustBeTheirs({ conversation_id: id, conversation, message })
    this.view.load(conversation, messages as Message[], seq)
    if (has_more) await this.#loadChanges(id, seq)
  }
}
