import type { Place } from './stream.ts'

/**
 * New messages of each conversation in the order in which they were sent, within the slots that they occupy. What
 * is found in the database is in the order of its last change: a message with a reaction comes behind those after it.
 */
export function inSendingOrder<T>(items: T[], placeOf: (item: T) => Place | undefined): T[] {
  if (items.length < 2) return items
  const sorted = [...items]
  const messages = items.flatMap((item, slot) => {
    const { message, conversationId } = placeOf(item) ?? {}
    return message ? [{ item, slot, conversationId, id: message.id }] : []
  })
  for (const ofOne of Map.groupBy(messages, ({ conversationId }) => conversationId).values()) {
    const byId = ofOne.toSorted((a, b) => a.id - b.id)
    for (const [i, { slot }] of ofOne.entries()) sorted[slot] = byId[i]!.item
  }
  return sorted
}
