/** One tab's claim to lead: the later one holds, of two at the same time the one of the greater name. */
interface Claim {
  /** Its clock, in ms, but always after every claim that it had heard of. */
  at: number
  tab: string
}

type Said<News> =
  | { kind: 'ask' }
  | { kind: 'stand'; rank: string }
  | { kind: 'publish'; by: Claim; news: News }
  | { kind: 'resign'; by: Claim }

/** What a tab does as the election goes. */
export interface Candidate<News> {
  lead(): void
  /** Another leads now. */
  follow(): void
  hear(news: News): void
  /** What the leader says to whoever asks. */
  answer(): News
  isHidden(): boolean
}

export type Channel = Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>

/** How long whoever stands waits for a leader, or for one who ranks higher. */
export const standMs = 200
export const askEveryMs = 1000
/** Questions without an answer. Counted, not timed: a tab that slept finds its clock far ahead. */
const maxUnanswered = 2
/** A hidden tab leaves it to the visible ones. */
const maxUnansweredHidden = 4

/**
 * Elects one of the tabs that share a channel. The others ask it for signs of life, by messages, which browsers do
 * not hold back in hidden tabs as they do timers; a leader whose scripts are asleep is replaced, and learns of it
 * when it wakes. By messages and not by locks, which pages without TLS do not have.
 */
export class Election<News> {
  #channel: Channel
  #tab: string
  #candidate: Candidate<News>
  /** The claim that holds, one's own or another's. */
  #claim: Claim | undefined
  #unanswered = 0
  #checking: ReturnType<typeof setInterval>
  #standing: ReturnType<typeof setTimeout> | undefined

  constructor(channel: Channel, tab: string, candidate: Candidate<News>) {
    this.#channel = channel
    this.#tab = tab
    this.#candidate = candidate
    channel.onmessage = ({ data }: MessageEvent<Said<News>>) => this.#receive(data)
    this.#checking = setInterval(() => this.#check(), askEveryMs)
    this.#stand()
  }

  get leads(): boolean {
    return this.#claim?.tab === this.#tab
  }

  /** Leads from now on. */
  claim(): void {
    this.#heed({ at: Math.max(Date.now(), (this.#claim?.at ?? 0) + 1), tab: this.#tab })
    this.publish(this.#candidate.answer())
    this.#candidate.lead()
  }

  /** Publishes to the others, when one leads. */
  publish(news: News): void {
    if (this.leads) this.#say({ kind: 'publish', by: this.#claim!, news })
  }

  /** Takes no further part; a leader is replaced at once. */
  leave(): void {
    if (this.leads) this.#say({ kind: 'resign', by: this.#claim! })
    clearInterval(this.#checking)
    clearTimeout(this.#standing)
    this.#channel.close()
  }

  #check(): void {
    if (this.leads) return
    const most = this.#candidate.isHidden() ? maxUnansweredHidden : maxUnanswered
    if (this.#unanswered++ < most) this.#say({ kind: 'ask' })
    else this.claim()
  }

  #receive(said: Said<News>): void {
    if (said.kind === 'ask') this.publish(this.#candidate.answer())
    else if (said.kind === 'stand') this.#meet(said.rank)
    // One that slept does not know yet that it was replaced.
    else if (this.#claim && isBefore(said.by, this.#claim)) this.publish(this.#candidate.answer())
    else if (said.kind === 'resign') this.#stand()
    else this.#hear(said.by, said.news)
  }

  #stand(): void {
    clearTimeout(this.#standing)
    this.#standing = setTimeout(() => this.claim(), standMs)
    this.#say({ kind: 'stand', rank: this.#rank })
  }

  #meet(rank: string): void {
    if (this.leads) this.publish(this.#candidate.answer())
    else if (rank > this.#rank) this.#yield()
    else if (this.#standing) this.#say({ kind: 'stand', rank: this.#rank })
  }

  #hear(by: Claim, news: News): void {
    const wasLeading = this.leads
    this.#heed(by)
    if (wasLeading) {
      this.#candidate.follow()
      this.#say({ kind: 'ask' })
    }
    this.#candidate.hear(news)
  }

  #heed(claim: Claim): void {
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

  #say(said: Said<News>): void {
    this.#channel.postMessage(said)
  }
}

const isBefore = (a: Claim, b: Claim) => a.at < b.at || (a.at === b.at && a.tab < b.tab)
