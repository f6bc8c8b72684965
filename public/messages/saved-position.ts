import { reader } from '../page.ts'
import type { Position } from './scroll.ts'

/** Where this tab was reading a conversation, for after a reload; unset where it followed the newest. */
const keyOf = (conversationId: number) => `rozmowa.place.${reader.me?.id}.${conversationId}`

export function savedPosition(conversationId: number): Position | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(conversationId)) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

export function savePosition(conversationId: number, position: Position | undefined): void {
  try {
    if (position) sessionStorage.setItem(keyOf(conversationId), JSON.stringify(position))
    else sessionStorage.removeItem(keyOf(conversationId))
  } catch {
    // Storage is full or forbidden: then the conversation opens at the newest.
  }
}
