import { clear, createStore, del, entries, get, set } from 'idb-keyval'
import type { ConversationPage } from '../../server/contract/conversations.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import { changes } from '../messages/changes.ts'
import { page } from '../page.ts'
import type { Loaded } from './loading.ts'

/** What is kept for reading without a network: conversations by their ids, `list`, and `owner`, the member it is of. */
const store = createStore('rozmowa.kept', 'conversations')

/** A copy of a conversation, for reading it without a network. */
export interface CachedConversation extends Loaded {
  /** When it was last up to date. */
  at: string
}

/** The conversations opened last; of each, its newest messages, limited in number and in characters of HTML. */
const maxConversations = 20
const maxMessages = 50
const maxCharacters = 262_144

const inMemory = new Map<number, CachedConversation>()
const ready = bestEffort(prepare)
let closed = false

export async function cachedConversation(id: number): Promise<CachedConversation | undefined> {
  await ready
  return inMemory.get(id) ?? bestEffort(() => get<CachedConversation>(id, store))
}

export async function cacheConversation(kept: CachedConversation): Promise<void> {
  await ready
  if (closed) return
  const { id } = kept.conversation
  inMemory.delete(id)
  inMemory.set(id, { ...kept, messages: newestOf(kept.messages) })
  // Immediately, so that a sign-out that follows clears this as well.
  await bestEffort(() => set(id, inMemory.get(id), store))
  const [oldest] = inMemory.keys()
  if (inMemory.size > maxConversations) await evictConversation(oldest!)
}

export async function cachedList(): Promise<ConversationPage | undefined> {
  await ready
  return bestEffort(() => get<ConversationPage>('list', store))
}

/** The list, for a start without a network. */
export async function cacheList(list: ConversationPage): Promise<void> {
  await ready
  if (!closed) await bestEffort(() => set('list', list, store))
}

function newestOf(page: MessagePage): MessagePage {
  const { messages } = page
  let size = 0
  const isTooMuch = ({ content }: Message, index: number) => {
    size += content?.length ?? 0
    return size > maxCharacters || messages.length - index > maxMessages
  }
  const first = messages.findLastIndex(isTooMuch) + 1
  return { ...page, messages: messages.slice(first), has_more: page.has_more || first > 0 }
}

/** For a conversation that the reader may no longer see. */
export async function evictConversation(id: number): Promise<void> {
  inMemory.delete(id)
  await bestEffort(() => del(id, store))
}

/** What was deleted for everyone must not survive here. */
export async function evictMessage(id: number, messageId: number): Promise<void> {
  const kept = await cachedConversation(id)
  if (!kept?.messages.messages.some((message) => message.id === messageId)) return
  const messages = kept.messages.messages.map((message) =>
    // Keeps its `seq`, so that catching up still asks for everything else that changed.
    message.id === messageId ? changes.message_deleted(message) : message,
  )
  const pins = kept.pins.filter((pin) => pin.message.id !== messageId)
  await cacheConversation({ ...kept, pins, messages: { ...kept.messages, messages } })
}

/** Removes everything, and caches nothing from now on. */
export async function clearCache(): Promise<void> {
  closed = true
  inMemory.clear()
  await bestEffort(() => clear(store))
}

/** Removes what another member left in this browser, and the oldest beyond the limit. */
async function prepare(): Promise<void> {
  if ((await get('owner', store)) !== page.me.id) {
    await clear(store)
    await set('owner', page.me.id, store)
    return
  }
  const all = (await entries<number, CachedConversation>(store)).filter(([key]) => typeof key === 'number')
  const oldestFirst = all.sort(([, a], [, b]) => a.at.localeCompare(b.at))
  for (const [id] of oldestFirst.slice(0, -maxConversations)) await del(id, store)
}

/** When storage is full or forbidden, the copies in memory have to do. */
async function bestEffort<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action()
  } catch {
    return undefined
  }
}
