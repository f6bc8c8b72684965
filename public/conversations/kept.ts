import { clear, createStore, del, entries, get, set } from 'idb-keyval'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import { changes } from '../messages/changes.ts'
import { page } from '../page.ts'
import type { Loaded } from './loading.ts'

/** A conversation as it was loaded, to be read while there is no network. */
export interface Kept extends Loaded {
  /** When it was known to be so. */
  at: string
}

/** Conversations, those opened last; of each its newest messages, as many, with so many characters of HTML. */
const maxKept = 20
const maxMessages = 50
const maxCharacters = 262_144

const store = createStore('rozmowa.kept', 'conversations')
const inMemory = new Map<number, Kept>()
const ready = quietly(prepare)
let closed = false

export async function keptOf(id: number): Promise<Kept | undefined> {
  await ready
  return inMemory.get(id) ?? quietly(() => get<Kept>(id, store))
}

export async function keep(kept: Kept): Promise<void> {
  await ready
  if (closed) return
  const { id } = kept.conversation
  inMemory.delete(id)
  inMemory.set(id, { ...kept, messages: newestOf(kept.messages) })
  // At once, so that whoever signs out now clears this as well.
  await quietly(() => set(id, inMemory.get(id), store))
  const [oldest] = inMemory.keys()
  if (inMemory.size > maxKept) await forgetKept(oldest!)
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

/** One that the reader may no longer see. */
export async function forgetKept(id: number): Promise<void> {
  inMemory.delete(id)
  await quietly(() => del(id, store))
}

/** What was deleted for everybody is not kept here either. */
export async function forgetMessage(id: number, messageId: number): Promise<void> {
  const kept = await keptOf(id)
  if (!kept?.messages.messages.some((message) => message.id === messageId)) return
  const messages = kept.messages.messages.map((message) =>
    // With its old number: what else changed since is still to be asked for.
    message.id === messageId ? changes.message_deleted(message) : message,
  )
  const pins = kept.pins.filter((pin) => pin.message.id !== messageId)
  await keep({ ...kept, pins, messages: { ...kept.messages, messages } })
}

/** Nothing stays, and nothing more is kept. */
export async function forgetAllKept(): Promise<void> {
  closed = true
  inMemory.clear()
  await quietly(() => clear(store))
}

/** What another member left in this browser goes, and what is too much. */
async function prepare(): Promise<void> {
  if ((await get('owner', store)) !== page.me.id) {
    await clear(store)
    await set('owner', page.me.id, store)
    return
  }
  const all = (await entries<number, Kept>(store)).filter(([key]) => typeof key === 'number')
  const oldestFirst = all.sort(([, a], [, b]) => a.at.localeCompare(b.at))
  for (const [id] of oldestFirst.slice(0, -maxKept)) await del(id, store)
}

/** A full or forbidden store: then what is in memory must do. */
async function quietly<T>(story: () => Promise<T>): Promise<T | undefined> {
  try {
    return await story()
  } catch {
    return undefined
  }
}
