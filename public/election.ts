/** A claim to lead. The latest wins; at the same time, the greater tab name. */
interface Claim {
  /** The tab's clock in ms, but later than every claim it knows. */
  at: number
  tab: string
}

type ElectionMessage<News> =
  | { kind: 'ask' }
  | { kind: 'stand'; rank: string }
  | { kind: 'publish'; by: Claim; news: News }
  | { kind: 'resign'; by: Claim }

export interface Candidate<News> {
  lead(): void
  follow(): void
  receive(news: News): void
  /** What the leader answers to those who ask. */
  state(): News
  isHidden(): boolean
}

export type Channel = Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>

/** How long a candidate waits for a leader or a higher-ranking candidate. */
export const standMs = 200
export const askIntervalMs = 1000
/** Unanswered requests. Counted rather than timed: a tab that slept finds its clock far ahead. */
const maxUnanswered = 2
/** Hidden tabs wait longer, so that a visible one takes over. */
const maxUnansweredHidden = 4

/**
 * Elects one of the tabs that share a channel. The others check that it is alive by messages, which browsers do not
 * throttle in hidden tabs as they do timers; a leader whose scripts are suspended is replaced, and learns of it when it
 * wakes. Web Locks would do, but pages without TLS do not have them.
 */
export class Election<News> {
  #channel: Channel
  #tab: string
  #candidate: Candidate<News>
  /** The winning claim, this tab's or another's. */
  #claim: Claim | undefined
  #unanswered = 0
  #checking: ReturnType<typeof setInterval>
  #standing: ReturnType<typeof setTimeout> | undefined

  constructor(channel: Channel, tab: string, candidate: Candidate<News>) {
    this.#channel = channel
    this.#tab = tab
    this.#candidate = candidate
    channel.onmessage = ({ data }: MessageEvent<ElectionMessage<News>>) => this.#receive(data)
    this.#checking = setInterval(() => this.#check(), askIntervalMs)
    this.#stand()
  }

  get leads(): boolean {
    return this.#claim?.tab === this.#tab
  }

  claim(): void {
    this.#accept({ at: Math.max(Date.now(), (this.#claim?.at ?? 0) + 1), tab: this.#tab })
    this.publish(this.#candidate.state())
    this.#candidate.lead()
  }

  /** Only when this tab leads. */
  publish(news: News): void {
    if (this.leads) this.#post({ kind: 'publish', by: this.#claim!, news })
  }

  /** A leader that leaves is replaced at once. */
  leave(): void {
    if (this.leads) this.#post({ kind: 'resign', by: this.#claim! })
    clearInterval(this.#checking)
    clearTimeout(this.#standing)
    this.#channel.close()
  }

  #check(): void {
    if (this.leads) return
    const maxAsked = this.#candidate.isHidden() ? maxUnansweredHidden : maxUnanswered
    if (this.#unanswered++ < maxAsked) this.#post({ kind: 'ask' })
    else this.claim()
  }

  #receive(message: ElectionMessage<News>): void {
    if (message.kind === 'ask') this.publish(this.#candidate.state())
    else if (message.kind === 'stand') this.#meetCandidate(message.rank)
    // A tab that slept does not know yet that it was replaced.
    else if (this.#claim && isBefore(message.by, this.#claim)) this.publish(this.#candidate.state())
    else if (message.kind === 'resign') this.#stand()
    else this.#acceptNews(message.by, message.news)
  }

  #stand(): void {
    clearTimeout(this.#standing)
    this.#standing = setTimeout(() => this.claim(), standMs)
    this.#post({ kind: 'stand', rank: this.#rank })
  }

  #meetCandidate(rank: string): void {
    if (this.leads) this.publish(this.#candidate.state())
    else if (rank > this.#rank) this.#yield()
    else if (this.#standing) this.#post({ kind: 'stand', rank: this.#rank })
  }

  #acceptNews(by: Claim, news: News): void {
    const wasLeading = this.leads
    this.#accept(by)
    if (wasLeading) {
      this.#candidate.follow()
      this.#post({ kind: 'ask' })
    }
    this.#candidate.receive(news)
  }

  #accept(claim: Claim): void {
    this.#claim = claim
    this.#unanswered = 0
    this.#yield()
  }

  #yield(): void {
    clearTimeout(this.#standing)
    this.#standing = undefined
  }

  get #rank(): string {
    return `${this.#candidate.isHidden() ? 'hidden' : 'visible'} ${this.#tab}`
  }

  #post(said: ElectionMessage<News>): void {
    this.#channel.postMessage(said)
  }
}

const isBefore = (a: Claim, b: Claim) => a.at < b.at || (a.at === b.at && a.tab < b.tab)
