import { sql, type Transaction } from '../db/client.ts'
import { publish } from '../live/publish.ts'
import { notFound } from '../web/problem.ts'

export interface LockedConversation {
  id: number
  is_group: boolean
  name: string | null
  description: string | null
  owner_id: number | null
  last_message_id: number | null
}

/** A change of one conversation while it is made: everything here is as it is under the conversation's lock. */
export interface Change {
  tx: Transaction
  conversation: LockedConversation
  /** Of who makes the change. */
  role: 'owner' | 'member'
  /** The longest-standing first. */
  memberIds: number[]
  /** Takes the conversation's next number, for one stored change. */
  nextSeq(): Promise<number>
  /** To be told once all of it is committed, in this order. */
  tell(userIds: readonly number[], envelope: Buffer): void
  afterwards(story: () => Promise<unknown>): void
}

/**
 * Makes a change of a conversation: takes its lock, runs the story in one transaction, and when that is committed
 * tells what the story wanted told. A story that throws has changed and told nothing.
 *
 * @throws Problem 404 when `userId` is no member of it
 */
export async function changeConversation<T>(
  userId: number,
  conversationId: number,
  story: (change: Change) => Promise<T>,
): Promise<T> {
  const outbox: (() => unknown)[] = []
  const result = await sql.begin(async (tx) => story(await begin(tx, userId, conversationId, outbox)))
  for (const tell of outbox) await tell()
  return result as T
}

/** The same for the conversation that a message is in. */
export async function changeConversationOf<T>(
  userId: number,
  messageId: number,
  story: (change: Change) => Promise<T>,
): Promise<T> {
  const [found] = await sql<{ conversation_id: number }[]>`
    select conversation_id from messages where id = ${messageId}`
  if (!found) throw notFound()
  return changeConversation(userId, found.conversation_id, story)
}

async function begin(
  tx: Transaction,
  userId: number,
  conversationId: number,
  outbox: (() => unknown)[],
): Promise<Change> {
  const [locked] = await tx<(LockedConversation & { role: Change['role']; member_ids: number[] })[]>`
    select (locked.conversation).*, locked.role, locked.member_ids
    from lock_conversation(${conversationId}, ${userId}) locked`
  if (!locked) throw notFound()
  const { role, member_ids: memberIds, ...conversation } = locked
  return {
    tx,
    conversation,
    role,
    memberIds,
    async nextSeq() {
      const [row] = await tx<{ seq: number }[]>`
        update conversations set seq = seq + 1, xid = pg_current_xact_id() where id = ${conversationId} returning seq`
      return row!.seq
    },
    tell: (userIds, envelope) => void outbox.push(() => publish(userIds, envelope)),
    afterwards: (story) => void outbox.push(story),
  }
}
