import { limits } from '../contract/limits.ts'
import type { Row } from '../db/schema.ts'
import { forbidden } from '../web/problem.ts'
import type { Change } from './conversation.ts'

/**
 * Who may do what: every rule that forbids, and no other place that does. All of it is about members; for who is
 * none there is nothing (404), which the queries themselves see to (membership.ts).
 */

/** As much of a message as the rules need. */
export interface Subject extends Row<'messages', 'sender_id' | 'kind' | 'is_deleted'> {
  /** Sent longer ago than `limits.editWindowHours`. */
  is_old: boolean
}

export function mayEdit(userId: number, message: Subject): void {
  mustBeOwn(userId, message)
  mustStand(message)
  if (message.is_old)
    throw forbidden(
      `A message can be edited for ${limits.editWindowHours} hours after it was sent.`,
      'edit_window_expired',
    )
}

export function mayRemovePreview(userId: number, message: Subject): void {
  mustBeOwn(userId, message)
}

/** Deleting again what is deleted already is fine. */
export function mayDelete(userId: number, message: Subject): void {
  mustBeOwn(userId, message)
}

export const mayReact = mustStand
export const mayPin = mustStand
export const mayForward = mustStand

function mustBeOwn(userId: number, message: Subject): void {
  if (message.kind === 'system') throw forbidden('This line tells what happened; it belongs to nobody.')
  if (message.sender_id !== userId) throw forbidden('The message is somebody else’s.')
}

function mustStand(message: Subject): void {
  if (message.is_deleted) throw forbidden('The message was deleted.')
  if (message.kind === 'system') throw forbidden('This line tells what happened; it is no message.')
}

type Place = Pick<Change, 'conversation' | 'role'>

export function mayRename({ conversation }: Place): void {
  if (!conversation.is_group) throw forbidden('A conversation of two has no name of its own.')
}

export function mayAddMembers({ conversation, role }: Place): void {
  if (!conversation.is_group) throw forbidden('A conversation of two stays one of two: make a group.')
  if (role !== 'owner') throw forbidden('Only the owner adds members.')
}

/** The owner removes anyone; everybody may leave. */
export function mayRemove({ conversation, role }: Place, userId: number, memberId: number): void {
  if (!conversation.is_group) throw forbidden('Nobody can be removed from a conversation of two.')
  if (role !== 'owner' && userId !== memberId) throw forbidden('Only the owner removes members.')
}

export function mayDeleteConversation({ conversation, role }: Place): void {
  if (!conversation.is_group) throw forbidden('A conversation of two cannot be deleted; archive it.')
  if (role !== 'owner') throw forbidden('Only the owner deletes a group.')
}
