import type { OwnUser } from '../../server/contract/users.ts'
import { page } from '../page.ts'
import { uuid } from '../uuid.ts'
import { canRing, ring } from './sound.ts'

type TabMessage =
  /** Its conversation is in sight in that tab. */
  | { kind: 'seen'; message: number }
  /** A notice of this message is shown. */
  | { kind: 'shown'; conversation: number; message: number }
  | { kind: 'settings'; quiet_hours: OwnUser['quiet_hours'] }
  | { kind: 'who-rings' }
  | { kind: 'can-ring'; tab: string }
  | { kind: 'ring'; tab: string }
  | { kind: 'rang' }

/** How long the leading tab waits for what the others say: their scripts may sleep a little. */
const answerMs = 300
const betweenSoundsMs = 2000
const maxSeen = 100

/** What the tabs of a browser send each other, so that one notifies of a message, and none where it is seen. */
class Tabs {
  onShown: (conversation: number, message: number) => void = () => {}
  #channel: BroadcastChannel | undefined
  #tab = uuid()
  #seen = new Set<number>()
  #rangAt = 0
  #ringer: ((tab: string) => void) | undefined

  constructor() {
    this.#open()
    // A page in the back/forward cache must not listen: the browser would drop it.
    addEventListener('pagehide', () => this.#channel?.close())
    addEventListener('pageshow', ({ persisted }) => persisted && this.#open())
  }

  #open(): void {
    if (!('BroadcastChannel' in globalThis)) return
    this.#channel = new BroadcastChannel(`rozmowa.notices.${page.me.id}`)
    this.#channel.onmessage = ({ data }) => this.#receive(data)
  }

  say(message: TabMessage): void {
    try {
      this.#channel?.postMessage(message)
    } catch {
      // The page is being left, and the channel closed.
    }
  }

  /** Whether any tab, this one too, has said that it is seen there. */
  async isSeen(message: number): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, answerMs))
    return this.#seen.has(message)
  }

  sees(message: number): void {
    this.#noteSeen(message)
    this.say({ kind: 'seen', message })
  }

  /** In one tab: in this one if it may, and not so soon after the last time. */
  async ring(): Promise<void> {
    if (Date.now() - this.#rangAt < betweenSoundsMs) return
    this.#rangAt = Date.now()
    if (canRing()) return this.#ringHere()
    const other = new Promise<string | undefined>((resolve) => {
      this.#ringer = resolve
      setTimeout(resolve, answerMs)
    })
    this.say({ kind: 'who-rings' })
    const tab = await other
    if (tab) this.say({ kind: 'ring', tab })
  }

  async #ringHere(): Promise<void> {
    this.#rangAt = Date.now()
    this.say({ kind: 'rang' })
    await ring()
  }

  #receive(message: TabMessage): void {
    if (message.kind === 'seen') this.#noteSeen(message.message)
    else if (message.kind === 'shown') this.onShown(message.conversation, message.message)
    else if (message.kind === 'settings') page.me.quiet_hours = message.quiet_hours
    else if (message.kind === 'rang') this.#rangAt = Date.now()
    else if (message.kind === 'can-ring') this.#ringer?.(message.tab)
    else if (message.kind === 'who-rings' && canRing()) this.say({ kind: 'can-ring', tab: this.#tab })
    else if (message.kind === 'ring' && message.tab === this.#tab) void this.#ringHere()
  }

  #noteSeen(message: number): void {
    this.#seen.add(message)
    const [oldest] = this.#seen
    if (this.#seen.size > maxSeen) this.#seen.delete(oldest!)
  }
}

export const tabs = new Tabs()
