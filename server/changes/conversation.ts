import { sql, type Transaction } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import type { Envelope, Transactions } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { notFound } from '../web/problem.ts'

export type LockedConversation = Row<
  'conversations',
  'id' | 'is_group' | 'name' | 'description' | 'owner_id' | 'last_message_id' | 'seq' | 'xid'
>

/** A change being made to a conversation; everything here is read under the conversation's lock. */
export interface Change {
  tx: Transaction
  conversation: LockedConversation
  /** Of the user who makes the change. */
  role: Row<'conversation_members', 'role'>['role']
  /** The longest-standing first. */
  memberIds: number[]
  /** Takes the conversation's next `seq`, for one stored change. */
  nextSeq(): Promise<number>
  /** Which transactions made the change with this `seq`, one of these, and the one before it. */
  transactionsOf(seq: number): Transactions
  /** Publishes after the commit. Effects after the commit run in the order they were added. */
  publish(userIds: readonly number[], envelope: Envelope): void
  afterCommit(effect: () => Promise<unknown>): void
}

/**
 * Takes the conversation's lock, runs `work` in one transaction, and publishes after the commit. Work that throws has
 * changed and published nothing.
 *
 * @throws Problem 404 when `userId` is no member of it
 */
export async function changeConversation<T>(
  userId: number,
  conversationId: number,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  const effects: (() => unknown)[] = []
  const result = await sql.begin(async (tx) => work(await begin(tx, userId, conversationId, effects)))
  for (const effect of effects) await effect()
  return result as T
}

/** The same for the conversation that a message is in. */
export async function changeConversationOf<T>(
  userId: number,
  messageId: number,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  const [found] = await sql<Row<'messages', 'conversation_id'>[]>`
    select conversation_id from messages where id = ${messageId}`
  if (!found) throw notFound()
  return changeConversation(userId, found.conversation_id, work)
}

interface Locked {
  role: Change['role']
  member_ids: number[]
  current_xid: string
}

async function begin(
  tx: Transaction,
  userId: number,
  conversationId: number,
  effects: (() => unknown)[],
): Promise<Change> {
  const [locked] = await tx<(LockedConversation & Locked)[]>`
    select (locked.conversation).*, locked.role, locked.member_ids, pg_current_xact_id() as current_xid
    from lock_conversation(${conversationId}, ${userId}) locked`
  if (!locked) throw notFound()
  const { role, member_ids: memberIds, current_xid, ...conversation } = locked
  const xid = Number(current_xid)
  return {
    tx,
    conversation,
    role,
    memberIds,
    async nextSeq() {
      const [row] = await tx<Row<'conversations', 'seq'>[]>`
        update conversations set seq = seq + 1, xid = pg_current_xact_id() where id = ${conversationId} returning seq`
      return row!.seq
    },
    transactionsOf: (seq) => ({
      xid,
      previousXid: seq === conversation.seq + 1 ? Number(conversation.xid) : xid,
    }),
    publish: (userIds, envelope) => void effects.push(() => publish(userIds, envelope)),
    afterCommit: (effect) => void effects.push(effect),
  }
}
