import type { Conversation, ConversationPage, Events, Message } from '../../server/live/events.ts'
import { api, type Filter } from '../api.ts'
import { type ChangeName, changed } from '../messages/changes.ts'
import { membersOf } from './members.ts'

/** The conversations this page knows. What is newer by `seq` wins, in whatever order answers and events come. */
export class Conversations {
  filter: Filter = 'all'
  onChange: () => void = () => {}
  /** The one being left: that it goes away is no news. */
  leaving: number | undefined
  #known = new Map<number, Conversation>()
  #cursors = new Map<Filter, string | null>()
  #loading = false
  #me: number

  constructor(me: number, first: ConversationPage) {
    this.#me = me
    this.#take('all', first)
  }

  get(id: number): Conversation | undefined {
    return this.#known.get(id)
  }

  /** Those of the chosen filter, the last changed first; the open one stays while it is being read. */
  shown(openId: number | undefined): Conversation[] {
    const fits = {
      all: () => true,
      unread: (conversation: Conversation) => conversation.unread_count > 0 || conversation.id === openId,
      groups: (conversation: Conversation) => conversation.is_group,
      archived: () => true,
    }[this.filter]
    const archived = this.filter === 'archived'
    return this.all.filter((conversation) => conversation.is_archived === archived && fits(conversation))
  }

  /** Every one that is known, the last changed first. */
  get all(): Conversation[] {
    return [...this.#known.values()].sort((a, b) => b.updated_at.localeCompare(a.updated_at) || b.id - a.id)
  }

  get unread(): number {
    const waiting = [...this.#known.values()].filter((each) => !each.is_muted && !each.is_archived)
    return waiting.reduce((sum, each) => sum + each.unread_count, 0)
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
    else if (!mine && message.kind === 'user') known.unread_count = Math.min(known.unread_count + 1, 100)
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

  async choose(filter: Filter): Promise<void> {
    this.filter = filter
    this.onChange()
    if (!this.#cursors.has(filter)) await this.#load(filter, undefined)
  }

  async more(filter = this.filter): Promise<void> {
    const cursor = this.#cursors.get(filter)
    if (cursor) await this.#load(filter, cursor)
  }

  /** After a loss of connection: the first page again, and what is no longer on it is gone. */
  async refresh(): Promise<void> {
    const before = [...this.#known.values()]
    const page = await api.conversations('all')
    const there = new Set(page.conversations.map((each) => each.id))
    const end = page.has_more ? (page.conversations.at(-1)?.updated_at ?? '') : ''
    for (const each of before)
      if (!there.has(each.id) && each.updated_at > end && !each.is_archived) this.#known.delete(each.id)
    for (const each of page.conversations) this.put(each)
    this.onChange()
  }

  async #load(filter: Filter, cursor: string | undefined): Promise<void> {
    if (this.#loading) return
    this.#loading = true
    try {
      this.#take(filter, await api.conversations(filter, cursor))
    } finally {
      this.#loading = false
    }
    this.onChange()
  }

  #take(filter: Filter, page: ConversationPage): void {
    this.#cursors.set(filter, page.next_cursor)
    for (const conversation of page.conversations) this.put(conversation)
  }
}

/** Whoever answers has read what was before; that has no event of its own. */
function readByWriting({ members = [], last_message }: Conversation, message: Message): void {
  const sender = members.find((member) => member.user_id === message.sender_id)
  if (!sender || (sender.last_read_message_id ?? 0) >= (last_message?.id ?? 0)) return
  Object.assign(sender, { last_read_message_id: message.id, last_read_at: message.created_at })
}
