import type { Conversation, ConversationPage } from '../../server/contract/conversations.ts'
import type { Events } from '../../server/contract/events.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Message } from '../../server/contract/messages.ts'
import { fold } from '../../views/people/names.ts'
import { api, type Choice } from '../api.ts'
import { type ChangeName, changed } from '../messages/changes.ts'
import { endsAbove, fits, keyOf, Lists, newestFirst, unreadIn } from './lists.ts'
import { membersOf, partnerOf } from './members.ts'

const ALL: Choice = { filter: 'all', query: '' }
const UNREAD: Choice = { filter: 'unread', query: '' }

/** The conversations this page knows. What is newer by `seq` wins, in whatever order answers and events come. */
export class Conversations {
  onChange: () => void = () => {}
  /** The one being left: that it goes away is no news. */
  leaving: number | undefined
  #known = new Map<number, Conversation>()
  #lists = new Lists()
  #loading = new Map<string, Promise<void>>()
  /** Until those that wait are known. */
  #unreadTotal = 0
  #me: number

  constructor(me: number, first: ConversationPage) {
    this.#me = me
    this.#take(ALL, first)
    this.#unreadTotal = first.unread_total
  }

  /** Every one that is known, in no order. */
  get all(): Conversation[] {
    return [...this.#known.values()]
  }

  get = (id: number): Conversation | undefined => this.#known.get(id)

  /** The 1:1 with somebody, if it is known. */
  directWith(userId: number): Conversation | undefined {
    return this.all.find((each) => partnerOf(each, this.#me) === userId)
  }

  /** Those of a list as far as it is loaded, the last changed first; the open one stays while it is being read. */
  shown(choice: Choice, openId?: number): Conversation[] {
    const { filter, query } = choice
    const wanted = fold(query)
    const isFound = (each: Conversation) =>
      this.#lists.of(choice)?.ids.has(each.id) || fold(each.title).includes(wanted)
    const isLoaded = (each: Conversation) =>
      each.id === openId || this.#lists.reach(choice, each) || this.#lists.reach(ALL, each)
    return this.all
      .filter((each) => fits[filter](each, openId) && (query ? isFound(each) : isLoaded(each)))
      .sort(newestFirst)
  }

  /** How much of a list the server has told. */
  loaded(choice: Choice): 'nothing' | 'part' | 'all' {
    const list = this.#lists.of(choice)
    return list ? (list.cursor ? 'part' : 'all') : 'nothing'
  }

  /** Messages that wait, wherever in the list: not the muted, not the archived. From 100 on it is no exact number. */
  get unread(): number {
    return Math.max(unreadIn(this.all), this.#unreadTotal)
  }

  put(conversation: Conversation): void {
    const known = this.#known.get(conversation.id)
    if (known && known.seq > conversation.seq) return
    this.#known.set(conversation.id, { ...conversation, members: membersOf(conversation, known) })
    this.onChange()
  }

  /** The stream tells a group without its members: who they are is asked when it seems to have changed. */
  async told({ conversation }: Events['conversation_updated']): Promise<void> {
    const { id, member_count, owner_id } = conversation
    const known = this.#known.get(id)
    const others = known?.member_count !== member_count || known.owner_id !== owner_id
    this.put(conversation)
    if (known?.members && !conversation.members && others) await this.fetch(id)
  }

  /** Shows a change before the server has made it. */
  patch(id: number, change: Partial<Conversation>): void {
    const known = this.#known.get(id)
    if (!known) return
    this.#known.set(id, { ...known, ...change })
    this.onChange()
  }

  forget(id: number): void {
    if (this.#known.delete(id)) this.onChange()
  }

  async received({ conversation_id: id, seq, message }: Events['new_message']): Promise<void> {
    const known = this.#known.get(id)
    if (!known) return this.fetch(id)
    if (seq <= known.seq) return
    const mine = message.sender_id === this.#me
    const answers = message.kind === 'user' && !message.forwarded_from
    if (answers) readByWriting(known, message)
    known.seq = seq
    known.last_message = message
    known.updated_at = message.created_at
    known.is_archived &&= known.is_muted
    if (mine && answers) known.unread_count = 0
    else if (!mine && message.kind === 'user')
      known.unread_count = Math.min(known.unread_count + 1, limits.unreadCount)
    this.onChange()
  }

  /** A change of a message that is there already: the row shows it if it is the last. */
  async changed<Name extends ChangeName>(name: Name, event: Events[Name]): Promise<void> {
    const known = this.#known.get(event.conversation_id)
    if (!known || event.seq <= known.seq) return
    known.seq = event.seq
    if (known.last_message) known.last_message = changed(known.last_message, name, event)
    this.onChange()
    // Whether the deleted one was among the unread, only the server knows.
    if (name === 'message_deleted' && known.unread_count) await this.fetch(known.id)
  }

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

  async read({ conversation_id: id, user_id, message_id, read_at }: Events['message_read']): Promise<void> {
    const known = this.#known.get(id)
    const member = known?.members?.find((each) => each.user_id === user_id)
    if (member && (member.last_read_message_id ?? 0) < message_id)
      Object.assign(member, { last_read_message_id: message_id, last_read_at: read_at })
    if (known && user_id === this.#me) {
      if (message_id >= (known.last_message?.id ?? 0)) known.unread_count = 0
      else return this.fetch(id)
    }
    this.onChange()
  }

  /** Asks for one conversation; one that is gone is forgotten. */
  async fetch(id: number): Promise<void> {
    try {
      this.put((await api.conversation(id)).conversation)
    } catch (error) {
      if ((error as { status?: number }).status === 404) this.forget(id)
    }
  }

  /** The next page of a list, or its first. */
  more(choice: Choice, limit?: number): Promise<void> {
    const key = keyOf(choice)
    const loading = this.#loading.get(key) ?? this.#load(choice, limit)
    this.#loading.set(key, loading)
    return loading.finally(() => this.#loading.delete(key))
  }

  async #load(choice: Choice, limit?: number): Promise<void> {
    const loaded = this.#lists.of(choice)
    if (loaded && !loaded.cursor) return
    this.#take(choice, await api.conversations(choice, loaded?.cursor, limit))
    this.onChange()
  }

  /** After a loss of connection: the list again as far as it was loaded, and what is no longer in it is gone. */
  async refresh(): Promise<void> {
    const before = this.all
    const old = this.#lists.of(ALL)
    const limit = (old?.ids.size ?? 0) > limits.conversationPage ? limits.maxPage : limits.conversationPage
    const pages = [await api.conversations(ALL, null, limit)]
    for (let last = pages[0]!; endsAbove(last, old?.end); pages.push(last))
      last = await api.conversations(ALL, last.next_cursor, limit)
    this.#lists.forget()
    for (const page of pages) this.#take(ALL, page)
    const there = this.#lists.of(ALL)?.ids
    for (const each of before)
      if (!there?.has(each.id) && this.#lists.reach(ALL, each) && !each.is_archived)
        this.#known.delete(each.id)
    this.onChange()
    await this.findUnread(pages[0]!)
  }

  /** What waits further down than the list is loaded must be known all the same: the title counts it. */
  async findUnread({ unread_total }: ConversationPage): Promise<void> {
    this.#unreadTotal = unread_total > unreadIn(this.all) ? unread_total : 0
    if (!this.#unreadTotal) return
    do await this.more(UNREAD, limits.maxPage)
    while (this.#lists.of(UNREAD)?.cursor && unreadIn(this.all) < limits.unreadCount)
    this.#unreadTotal = 0
    this.onChange()
  }

  #take(choice: Choice, page: ConversationPage): void {
    this.#lists.take(choice, page)
    for (const conversation of page.conversations) this.put(conversation)
  }
}

/** Whoever answers has read what was before; that has no event of its own. */
function readByWriting({ members = [], last_message }: Conversation, message: Message): void {
  const sender = members.find((member) => member.user_id === message.sender_id)
  if (!sender || (sender.last_read_message_id ?? 0) >= (last_message?.id ?? 0)) return
  Object.assign(sender, { last_read_message_id: message.id, last_read_at: message.created_at })
}
