import { limits } from '../contract/limits.ts'
import type { Row } from '../db/schema.ts'
import { forbidden } from '../web/problem.ts'
import type { Change } from './conversation.ts'

/**
 * Who may do what: the only place with rules that forbid; its numbers are in `contract/limits.ts`. All of it is about
 * members: to everybody else the conversation does not exist (404), which the queries ensure (membership.ts).
 */

/** The parts of a message that the rules need. */
export interface Subject extends Row<'messages', 'sender_id' | 'kind' | 'is_deleted'> {
  is_old: boolean
  is_poll: boolean
}

export function mayEdit(userId: number, message: Subject): void {
  mustBeOwn(userId, message)
  mustStand(message)
  if (message.is_poll) throw forbidden('A poll cannot be edited: people have read what they vote for.')
  if (message.is_old)
    throw forbidden(
      `A message can be edited for ${limits.editWindowHours} hours after it was sent.`,
      'edit_window_expired',
    )
}

export function mayRemovePreview(userId: number, message: Subject): void {
  mustBeOwn(userId, message)
}

/** A deleted message may be deleted again. */
export function mayDelete(userId: number, message: Subject): void {
  mustBeOwn(userId, message)
}

export const mayReact = mustStand
export const mayPin = mustStand
export const mayStar = mustStand
export const mayForward = mustStand

export function mayVote(message: Subject, isClosed: boolean): void {
  mustStand(message)
  if (!message.is_poll) throw forbidden('The message is no poll.')
  if (isClosed) throw forbidden('The poll is closed.')
}

/** @param isSecret null where there is no poll */
export function mayAskVoters(isSecret: boolean | null): void {
  if (isSecret === null) throw forbidden('The message is no poll.')
  if (isSecret) throw forbidden('The poll is secret.')
}

function mustBeOwn(userId: number, message: Subject): void {
  if (message.kind === 'system') throw forbidden('A system line cannot be changed.')
  if (message.sender_id !== userId) throw forbidden('The message is someone else’s.')
}

function mustStand(message: Subject): void {
  if (message.is_deleted) throw forbidden('The message has been deleted.')
  if (message.kind === 'system') throw forbidden('This is a system line, not a message.')
}

type Place = Pick<Change, 'conversation' | 'role'>

export function mayRename({ conversation }: Place): void {
  if (!conversation.is_group) throw forbidden('A one-to-one conversation has no name of its own.')
}

export function mayAddMembers({ conversation, role }: Place): void {
  if (!conversation.is_group)
    throw forbidden('A one-to-one conversation takes no further members; create a group.')
  if (role !== 'owner') throw forbidden('Only the owner can add members.')
}

/** The owner may remove anyone; everyone may leave. */
export function mayRemove({ conversation, role }: Place, userId: number, memberId: number): void {
  if (!conversation.is_group) throw forbidden('No one can be removed from a one-to-one conversation.')
  if (role !== 'owner' && userId !== memberId) throw forbidden('Only the owner can remove members.')
}

export function mayDeleteConversation({ conversation, role }: Place): void {
  if (!conversation.is_group)
    throw forbidden('A one-to-one conversation cannot be deleted; archive it instead.')
  if (role !== 'owner') throw forbidden('Only the owner can delete a group.')
}
