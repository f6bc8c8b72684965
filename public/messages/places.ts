import { reader } from '../page.ts'
import type { Position } from './scroll.ts'

/** Where this tab was reading a conversation, kept over a reload; nothing where the newest were followed. */
const keyOf = (conversationId: number) => `rozmowa.place.${reader.me?.id}.${conversationId}`

export function placeIn(conversationId: number): Position | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(conversationId)) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

export function keepPlace(conversationId: number, position: Position | undefined): void {
  try {
    if (position) sessionStorage.setItem(keyOf(conversationId), JSON.stringify(position))
    else sessionStorage.removeItem(keyOf(conversationId))
  } catch {
    // A full or forbidden store: then one begins at the newest.
  }
}
