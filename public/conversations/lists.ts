import type { Conversation, ConversationPage, Filter } from '../../server/contract/conversations.ts'
import { inListOrder, newestFirst, type Place } from '../../views/conversations/order.ts'
import type { Choice } from '../api.ts'

interface Loaded {
  cursor: string | null
  /** The last place loaded; undefined when the whole list is. */
  end: Place | undefined
  ids: Set<number>
}

/** Lists and recent searches. */
const maxLists = 20

/** How far down each list of conversations is loaded: beyond that, known conversations have gaps between them. */
export class Lists {
  #loaded = new Map<string, Loaded>()

  addPage(choice: Choice, page: ConversationPage): void {
    const { conversations, next_cursor } = page
    const last = next_cursor ? conversations.at(-1) : undefined
    const ids = new Set(this.of(choice)?.ids)
    for (const { id } of inListOrder(page)) ids.add(id)
    const end = last && { updated_at: last.updated_at, id: last.id }
    this.#loaded.set(keyOf(choice), { cursor: next_cursor, end, ids })
    for (const key of this.#loaded.keys()) if (this.#loaded.size > maxLists) this.#loaded.delete(key)
  }

  of(choice: Choice): Loaded | undefined {
    return this.#loaded.get(keyOf(choice))
  }

  /** Whether every conversation from the top of the list down to this one is known. */
  covers(choice: Choice, conversation: Place): boolean {
    const loaded = this.of(choice)
    return Boolean(loaded && (!loaded.end || newestFirst(conversation, loaded.end) <= 0))
  }

  clear(): void {
    this.#loaded.clear()
  }
}

export const keyOf = ({ filter, query }: Choice): string => `${filter} ${query}`

/** The open conversation stays among the unread while it is being read. */
export const isInFilter: Record<Filter, (each: Conversation, openId?: number) => boolean> = {
  all: (each) => !each.is_archived,
  any: () => true,
  unread: (each, openId) => !each.is_archived && (each.unread_count > 0 || each.id === openId),
  groups: (each) => !each.is_archived && each.is_group,
  archived: (each) => each.is_archived,
}

/** Unread messages in conversations that are not archived; in muted ones, those that mention the reader. */
export function unreadIn(conversations: Conversation[]): number {
  const waiting = conversations.filter((each) => !each.is_archived)
  return waiting.reduce((sum, each) => sum + (each.is_muted ? each.unread_mentions : each.unread_count), 0)
}

/** Whether there is more between the end of a page and a position further down. */
export function endsAbove({ conversations, has_more }: ConversationPage, place: Place | undefined): boolean {
  const last = conversations.at(-1)
  return Boolean(has_more && last && place && newestFirst(last, place) < 0)
}
