import { writeCursor } from '../contract/cursor.ts'
import type { SharedKind, SharedPage, SharedPlace } from '../contract/shared.ts'
import { filesIn } from './files.ts'
import { linksIn } from './links.ts'

/** The first page begins before every message; ids are far below, see contract/fields.ts. */
const newest: SharedPlace = { message: 2 ** 53 - 1, place: 0 }

interface Asked {
  kind: SharedKind
  limit: number
  cursor?: SharedPlace | undefined
}

/**
 * A page of what a conversation's messages share, the newest first.
 * @throws Problem 404 when the viewer is no member
 */
export async function sharedIn(
  viewerId: number,
  conversationId: number,
  { kind, limit, cursor = newest }: Asked,
): Promise<SharedPage> {
  const from = { limit, ...cursor }
  const { placed, next } =
    kind === 'links'
      ? await linksIn(viewerId, conversationId, from)
      : await filesIn(viewerId, conversationId, kind, from)
  return {
    items: placed.map(({ item }) => item),
    has_more: next !== undefined,
    next_cursor: next ? writeCursor([next.message, next.place]) : null,
  }
}
