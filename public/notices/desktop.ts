import type { Conversation } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import { tabs } from './tabs.ts'

/** The same as that of pushes, so that either replaces the other. */
const tagOf = (conversationId: number) => `conversation-${conversationId}`

/** Notices on the desktop, one for each conversation; the browser's other tabs know of them. */
export class DesktopNotices {
  /** Of each conversation, the message in its notice. */
  #shown = new Map<number, number>()
  /** Those that only the tab that made them can close. */
  #own = new Map<number, Notification>()
  #open: (conversationId: number) => void

  /** @param open called when a notice is clicked */
  constructor(open: (conversationId: number) => void) {
    this.#open = open
    tabs.onShown = (conversation, message) => this.#shown.set(conversation, message)
    document.addEventListener('visibilitychange', () => document.hidden || void this.refresh())
    void this.refresh()
  }

  get shown(): ReadonlyMap<number, number> {
    return this.#shown
  }

  /** Pushes have shown some, too. */
  async refresh(): Promise<void> {
    for (const { data } of (await (await registered())?.getNotifications()) ?? [])
      if (data?.conversation_id) this.#shown.set(data.conversation_id, data.message_id)
  }

  /** @param body what the message says */
  async show(conversation: Conversation, message: Message, body: string): Promise<void> {
    const { id } = conversation
    const sender = message.sender.display_name
    const title = conversation.is_group ? `${sender} · ${conversation.title}` : sender
    const data = { conversation_id: id, message_id: message.id, counts: true }
    // The sound is ours, and a choice of its own.
    const options = {
      body,
      tag: tagOf(id),
      icon: '/icons/192.png',
      silent: true,
      data,
    }
    this.#shown.set(id, message.id)
    tabs.say({ kind: 'shown', conversation: id, message: message.id })
    const registration = await registered()
    if (registration) await registration.showNotification(title, { ...options, badge: '/icons/badge-96.png' })
    else this.#make(id, title, options)
  }

  #make(id: number, title: string, options: NotificationOptions): void {
    const notice = new Notification(title, options)
    this.#own.set(id, notice)
    notice.onclick = () => {
      notice.close()
      window.focus()
      this.#open(id)
    }
  }

  async close(conversationId: number): Promise<void> {
    this.#shown.delete(conversationId)
    this.#own.get(conversationId)?.close()
    this.#own.delete(conversationId)
    const tag = tagOf(conversationId)
    for (const each of (await (await registered())?.getNotifications({ tag })) ?? []) each.close()
  }
}

const registered = async (): Promise<ServiceWorkerRegistration | undefined> => {
  const found = await navigator.serviceWorker?.getRegistration().catch(() => undefined)
  return found?.active ? found : undefined
}
