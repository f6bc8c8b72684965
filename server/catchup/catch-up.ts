import { viewParts } from '../conversations/publish.ts'
import { viewsOf } from '../conversations/store.ts'
import type { Cursor } from '../live/cursor.ts'
import { type Publication, signal } from '../live/envelope.ts'
import type { CaughtUp, Source } from '../live/source.ts'
import { withOwnFrames } from '../polls/own-frames.ts'
import { missedSince } from './missed.ts'
import { places } from './places.ts'
import { isTooLarge, maxMessages, messageEnvelope } from './replay.ts'
import * as store from './store.ts'

/** What streams ask the database for: all of it bounded work, whatever was missed. */
export const catchUp: Source = {
  places,
  changesAfter,
  viewsAt,
  missedSince,
  changedSince: store.changedSince,
}

async function changesAfter(conversationId: number, from: number | Cursor): Promise<CaughtUp | undefined> {
  // The number first: what changes in between is then found twice, and not left out.
  const seq = await store.seqOf(conversationId)
  if (seq === undefined) return undefined
  const after = typeof from === 'number' ? from : await store.reachedIn(conversationId, from)
  const messages = await store.messagesAfter(conversationId, after, maxMessages)
  const memberIds = await store.memberIdsOf(conversationId)
  const envelopes = messages && (await withOwnFrames(messages, messageEnvelope))
  if (!messages || !envelopes || isTooLarge(envelopes))
    return { envelopes: [signal('resync', {})], seq, isChanged: false, memberIds }
  const reached = Math.max(seq, messages.at(-1)?.seq ?? 0)
  // If every missing seq is a message, the conversation itself did not change. After 0 it may be new to its members.
  const isChanged = after === 0 || messages.length < reached - after
  return { envelopes, seq: reached, isChanged, memberIds }
}

async function viewsAt(conversationId: number, seq: number, userIds: number[]): Promise<Publication> {
  const parts = viewParts(await viewsOf(conversationId, userIds), seq)
  return { header: { kind: 'change', conversationId, seq }, parts }
}
