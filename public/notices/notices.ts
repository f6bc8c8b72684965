import type { Conversation, ConversationPage } from '../../server/contract/conversations.ts'
import type { Events } from '../../server/contract/events.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { Reader } from '../../views/reader.ts'
import { refreshOwnSettings } from '../accounts/own-settings.ts'
import type { Navigation } from '../conversations/navigation.ts'
import { page, reader } from '../page.ts'
import type { Panel } from '../panel.ts'
import type { SharedStream } from '../shared-stream.ts'
import type { State } from '../state.ts'
import type { PageEventName } from '../stream.ts'
import { DesktopNotices } from './desktop.ts'
import { isOn } from './device.ts'
import { notifies } from './notifies.ts'
import { tabs } from './tabs.ts'

/** What is of the first load is handed over: imported here as well, it would come in more pieces. */
export interface PageParts {
  state: State
  panel: Panel
  navigation: Navigation
  stream: SharedStream
  cacheList(list: ConversationPage): Promise<void>
  inOneLine(message: Message, reader: Pick<Reader, 't'>): string
}

/** For quiet hours that were set on another device. */
const maxSettingsAgeMs = 5 * 60_000

/** Tells the member of messages they do not see, by a sound and on the desktop: once, however many tabs there are. */
export class Notices {
  #state: State
  #panel: Panel
  #stream: SharedStream
  #desktop: DesktopNotices
  #inOneLine: PageParts['inOneLine']
  #badge: number | undefined
  #listLoaded: () => void

  /** @param listLoaded called once it is */
  constructor({ state, panel, navigation, stream, inOneLine }: PageParts, listLoaded: () => void) {
    this.#listLoaded = listLoaded
    this.#state = state
    this.#panel = panel
    this.#stream = stream
    this.#inOneLine = inOneLine
    this.#desktop = new DesktopNotices((id) => navigation.open(id))
    document.addEventListener('visibilitychange', () => this.#seeOpen())
    addEventListener('focus', () => this.#seeOpen())
    document.addEventListener('submit', ({ target }) => {
      if ((target as Element).getAttribute('action') === '/wylogowanie') this.#withdraw()
    })
    this.draw()
  }

  /** The badge of the installed app, and which notices are still of use. */
  draw(): void {
    const { unread, isListLoaded } = this.#state.conversations
    if (isListLoaded && unread !== this.#badge) void navigator.setAppBadge?.(unread).catch(() => {})
    if (isListLoaded && this.#badge === undefined) this.#listLoaded()
    if (isListLoaded) this.#badge = unread
    for (const id of this.#desktop.shown.keys())
      if (this.#state.conversations.get(id)?.unread_count === 0) void this.#desktop.close(id)
  }

  heard<Name extends PageEventName>(name: Name, data: Events[Name]): void {
    if (name === 'new_message') void this.#received((data as Events['new_message']).message)
    if (name === 'conversation_removed')
      void this.#desktop.close((data as Events['conversation_removed']).conversation_id)
    if (name === 'message_deleted') {
      const { conversation_id, message_id } = data as Events['message_deleted']
      if (this.#desktop.shown.get(conversation_id) === message_id) void this.#desktop.close(conversation_id)
    }
  }

  async #received(message: Message): Promise<void> {
    const id = message.conversation_id
    if (this.#isInSight(id)) tabs.sees(message.id)
    // The tab that holds the stream decides; the others have said what they see.
    if (!this.#stream.leads) return
    await refreshOwnSettings(maxSettingsAgeMs)
    const conversation = await this.#known(id)
    if (
      !conversation ||
      !notifies(message, conversation, page.me, this.#state.conversations.mentionsMe(message.content))
    )
      return
    const isSeen = (await tabs.isSeen(message.id)) || this.#isRead(id)
    if (!isSeen) this.#tell(conversation, message)
  }

  #tell(conversation: Conversation, message: Message): void {
    if (isOn('sound')) void tabs.ring().catch(() => {})
    if (isOn('desktop') && globalThis.Notification?.permission === 'granted')
      void this.#desktop.show(conversation, message, this.#inOneLine(message, reader)).catch(() => {})
  }

  /** A conversation that begins with this message is not known yet. */
  async #known(id: number): Promise<Conversation | undefined> {
    if (!this.#state.conversations.get(id)) await this.#state.conversations.fetch(id)
    return this.#state.conversations.get(id)
  }

  /** Meanwhile, on another device. */
  #isRead(id: number): boolean {
    return this.#state.conversations.get(id)?.unread_count === 0
  }

  #isInSight(id: number): boolean {
    return !document.hidden && document.hasFocus() && this.#panel.open?.id === id
  }

  /** Whoever signs out leaves no trace of them. */
  #withdraw(): void {
    void navigator.clearAppBadge?.().catch(() => {})
    for (const id of this.#desktop.shown.keys()) void this.#desktop.close(id)
  }

  /** What is looked at now needs no notice any more. */
  #seeOpen(): void {
    const id = this.#panel.open?.id
    if (id && this.#isInSight(id)) void this.#desktop.close(id)
  }
}
