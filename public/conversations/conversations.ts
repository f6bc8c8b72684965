import type { Conversation, ConversationPage } from '../../server/contract/conversations.ts'
import type { Events } from '../../server/contract/events.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Message } from '../../server/contract/messages.ts'
import { inListOrder, newestFirst, pinnedFirst } from '../../views/conversations/order.ts'
import { mentionsIn } from '../../views/messages/mentions.ts'
import { fold } from '../../views/people/names.ts'
import { api, type Choice } from '../api.ts'
import { type ChangeName, changed } from '../messages/changes.ts'
import { endsAbove, isInFilter, keyOf, Lists, unreadIn } from './lists.ts'
import { membersOf, partnerOf } from './members.ts'

export const allChoice: Choice = { filter: 'all', query: '' }
const unreadChoice: Choice = { filter: 'unread', query: '' }

/** The conversations this page knows. The higher `seq` wins, in whatever order responses and events arrive. */
export class Conversations {
  onChange: () => void = () => {}
  /** The one being left or deleted here: its removal needs no announcement. */
  leaving: number | undefined
  #known = new Map<number, Conversation>()
  #lists = new Lists()
  #loading = new Map<string, Promise<void>>()
  /** Those of which something was marked as unread since the page was loaded. */
  #marked = new Set<number>()
  /** The server's count, until the unread conversations themselves are loaded. */
  #unreadTotal = 0
  #me: number

  constructor(me: number) {
    this.#me = me
  }

  /** @param first the top of the list */
  begin(first: ConversationPage): void {
    // One that was asked for later has come earlier.
    if (this.isListLoaded) return
    this.#addPage(allChoice, first)
    this.#unreadTotal = first.unread_total
    this.onChange()
  }

  get all(): Conversation[] {
    return [...this.#known.values()]
  }

  get = (id: number): Conversation | undefined => this.#known.get(id)

  directWith(userId: number): Conversation | undefined {
    return this.all.find((each) => partnerOf(each, this.#me) === userId)
  }

  /** The loaded part of a list, latest change first; the open one stays listed while it is being read. */
  shown(choice: Choice, openId?: number): Conversation[] {
    const { filter, query } = choice
    const wanted = fold(query)
    const isFound = (each: Conversation) =>
      this.#lists.of(choice)?.ids.has(each.id) || fold(each.title).includes(wanted)
    const isLoaded = (each: Conversation) =>
      each.id === openId ||
      each.is_pinned ||
      this.#lists.covers(choice, each) ||
      this.#lists.covers(allChoice, each)
    return this.all
      .filter((each) => isInFilter[filter](each, openId) && (query ? isFound(each) : isLoaded(each)))
      .sort(query ? newestFirst : pinnedFirst)
  }

  loaded(choice: Choice): 'nothing' | 'part' | 'all' {
    const list = this.#lists.of(choice)
    return list ? (list.cursor ? 'part' : 'all') : 'nothing'
  }

  /** The top of it, at least. */
  get isListLoaded(): boolean {
    return this.loaded(allChoice) !== 'nothing'
  }

  /** All unread messages except in archived conversations, and in muted ones but mentions. Not exact above `limits.unreadCount`. */
  get unread(): number {
    return Math.max(unreadIn(this.all), this.#unreadTotal)
  }

  put(conversation: Conversation): void {
    const known = this.#known.get(conversation.id)
    if (known && known.seq > conversation.seq) return
    this.#known.set(conversation.id, { ...conversation, members: membersOf(conversation, known) })
    this.onChange()
  }

  /** Events leave out the members of a group: they are fetched when they seem to have changed. */
  async conversationUpdated({ conversation }: Events['conversation_updated']): Promise<void> {
    const { id, member_count, owner_id } = conversation
    const known = this.#known.get(id)
    const isChanged = known?.member_count !== member_count || known.owner_id !== owner_id
    this.put(conversation)
    if (known?.members && !conversation.members && isChanged) await this.fetch(id)
  }

  /** Optimistically, before the server confirms. */
  patch(id: number, change: Partial<Conversation>): void {
    const known = this.#known.get(id)
    if (!known) return
    this.#known.set(id, { ...known, ...change })
    this.onChange()
  }

  /** No event comes when a mute ends by itself. */
  endMutes(): void {
    const ended = { is_muted: false, muted_until: null, notify: 'all' } as const
    for (const known of this.#known.values())
      if (known.muted_until && Date.parse(known.muted_until) <= Date.now()) Object.assign(known, ended)
  }

  forget(id: number): void {
    if (this.#known.delete(id)) this.onChange()
  }

  async received({ conversation_id: id, seq, message }: Events['new_message']): Promise<void> {
    const known = this.#known.get(id)
    if (!known) return this.fetch(id)
    if (seq <= known.seq) return
    this.endMutes()
    const mine = message.sender_id === this.#me
    const answers = message.kind !== 'system' && !message.forwarded_from
    if (answers) markReadByReply(known, message)
    known.seq = seq
    known.last_message = message
    known.updated_at = message.created_at
    known.is_archived &&= known.is_muted
    if (mine && answers) known.unread_count = known.unread_mentions = 0
    else if (!mine && message.kind !== 'system') {
      known.unread_count = Math.min(known.unread_count + 1, limits.unreadCount)
      if (known.notify !== 'none' && this.mentionsMe(message.content))
        known.unread_mentions = Math.min(known.unread_mentions + 1, limits.unreadCount)
    }
    this.onChange()
  }

  /** A change of an existing message: the row shows it if it is the last. */
  async changed<Name extends ChangeName>(name: Name, event: Events[Name]): Promise<void> {
    const known = this.#known.get(event.conversation_id)
    if (!known || event.seq <= known.seq) return
    known.seq = event.seq
    if (known.last_message) known.last_message = changed(known.last_message, name, event)
    this.onChange()
    // Only the server knows whether the message was unread.
    const mayCount = name === 'message_deleted' || this.#mayChangeMentions(known, event)
    if (mayCount && known.unread_count) await this.fetch(known.id)
  }

  /** Whether a message's content mentions the member. */
  mentionsMe = (content: string | null): boolean => mentionsIn(content).includes(this.#me)

  #mayChangeMentions = (known: Conversation, event: Events[ChangeName]): boolean =>
    'new_content' in event && (known.unread_mentions > 0 || this.mentionsMe(event.new_content))

  updated({ conversation_id: id, seq, message }: Events['message_updated']): void {
    const known = this.#known.get(id)
    if (!known || seq <= known.seq) return
    known.seq = seq
    if (known.last_message?.id === message.id) known.last_message = message
    this.onChange()
  }

  delivered({ conversation_id: id, user_id, message_id, delivered_at }: Events['message_delivered']): void {
    const member = this.#known.get(id)?.members?.find((each) => each.user_id === user_id)
    if (!member || (member.last_delivered_message_id ?? 0) >= message_id) return
    Object.assign(member, { last_delivered_message_id: message_id, last_delivered_at: delivered_at })
    this.onChange()
  }

  async read({
    conversation_id: id,
    user_id,
    message_id,
    read_at,
    is_unread,
  }: Events['message_read']): Promise<void> {
    const known = this.#known.get(id)
    const member = known?.members?.find((each) => each.user_id === user_id)
    if (member && (member.last_read_message_id ?? 0) < message_id)
      Object.assign(member, { last_read_message_id: message_id, last_read_at: read_at })
    if (known && user_id === this.#me) {
      if (is_unread) this.#marked.add(id)
      // A receipt from before it was marked as unread may come later.
      if (this.#marked.has(id)) {
        await this.fetch(id)
        if (!this.#known.get(id)?.unread_count) this.#marked.delete(id)
      } else if (message_id >= (known.last_message?.id ?? 0)) known.unread_count = known.unread_mentions = 0
      else return this.fetch(id)
    }
    this.onChange()
  }

  /** Loads one conversation, or forgets it when it is gone. */
  async fetch(id: number): Promise<void> {
    try {
      this.put((await api.conversation(id)).conversation)
    } catch (error) {
      if ((error as { status?: number }).status === 404) this.forget(id)
    }
  }

  /** The next page of a list, or the first; concurrent calls share one request. */
  loadMore(choice: Choice, limit?: number): Promise<void> {
    const key = keyOf(choice)
    const loading = this.#loading.get(key) ?? this.#load(choice, limit)
    this.#loading.set(key, loading)
    return loading.finally(() => this.#loading.delete(key))
  }

  async #load(choice: Choice, limit?: number): Promise<void> {
    const loaded = this.#lists.of(choice)
    if (loaded && !loaded.cursor) return
    this.#addPage(choice, await api.conversations(choice, loaded?.cursor, limit))
    this.onChange()
  }

  /** After a lost connection: reloads as much of the list as was loaded, and drops what is no longer in it. */
  async refresh(): Promise<void> {
    const before = this.all
    const old = this.#lists.of(allChoice)
    const limit = (old?.ids.size ?? 0) > limits.conversationPage ? limits.maxPage : limits.conversationPage
    const pages = [await api.conversations(allChoice, null, limit)]
    for (let last = pages[0]!; endsAbove(last, old?.end); pages.push(last))
      last = await api.conversations(allChoice, last.next_cursor, limit)
    this.#lists.clear()
    for (const page of pages) this.#addPage(allChoice, page)
    const there = this.#lists.of(allChoice)?.ids
    for (const each of before)
      if (
        !there?.has(each.id) &&
        (each.is_pinned || this.#lists.covers(allChoice, each)) &&
        !each.is_archived
      )
        this.#known.delete(each.id)
    this.onChange()
    await this.loadUnread(pages[0]!)
  }

  /** Loads unread conversations beyond the loaded part of the list: the window's title counts them. */
  async loadUnread({ unread_total }: ConversationPage): Promise<void> {
    this.#unreadTotal = unread_total > unreadIn(this.all) ? unread_total : 0
    if (!this.#unreadTotal) return
    do await this.loadMore(unreadChoice, limits.maxPage)
    while (this.#lists.of(unreadChoice)?.cursor && unreadIn(this.all) < limits.unreadCount)
    this.#unreadTotal = 0
    this.onChange()
  }

  #addPage(choice: Choice, page: ConversationPage): void {
    this.#lists.addPage(choice, page)
    for (const conversation of inListOrder(page)) this.put(conversation)
  }
}

/** Replying marks everything before it as read, without an event. */
function markReadByReply({ members = [], last_message }: Conversation, message: Message): void {
  const sender = members.find((member) => member.user_id === message.sender_id)
  if (!sender || (sender.last_read_message_id ?? 0) >= (last_message?.id ?? 0)) return
  Object.assign(sender, { last_read_message_id: message.id, last_read_at: message.created_at })
}
