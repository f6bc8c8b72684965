import type { Message as Native } from '../../contract/messages.ts'
import type { Reaction as NativeReaction } from '../../contract/reactions.ts'
import { receiptsOf } from '../receipts.ts'
import type { FileType, Message, Payload, Reaction } from './endpoints.ts'

/** Messages as clients of NODUS know them, in the same order. */
export async function messagesFor(messages: Native[]): Promise<Message[]> {
  const receipts = await receiptsOf(messages)
  return messages.map((message) => translate(message, receipts.get(message.id)!.read_at !== null))
}

export const messageFor = async (message: Native): Promise<Message> => (await messagesFor([message]))[0]!

/** One that nobody can have read yet. */
export const newMessageFor = (message: Native): Message => translate(message, false)

/** @param isRead whether everybody else has read it */
function translate(message: Native, isRead: boolean): Message {
  return {
    id: message.id,
    chat_id: message.conversation_id,
    author_id: message.sender_id,
    type: typeOf(message),
    content: message.content_text,
    payload: payloadOf(message),
    status: isRead ? 'read' : 'delivered',
    ts: message.created_at,
    reply_to_id: message.reply_to_id,
    is_deleted: message.is_deleted,
    deleted_at: message.deleted_at,
    updated_at: message.edited_at,
    reactions: message.reactions.map(reactionFor),
  }
}

export function reactionFor({ user_name: _, ...reaction }: NativeReaction): Reaction {
  return reaction
}

function typeOf({ kind, attachments: [first] }: Native): Message['type'] {
  if (kind === 'system') return 'system'
  return first ? fileType(first.mime_type) : 'text'
}

const shown = new Set(['image', 'video', 'audio'])

function fileType(mimeType: string): FileType {
  const [type] = mimeType.split('/') as [string]
  return shown.has(type) ? (type as FileType) : 'file'
}

function payloadOf({ attachments, link_preview, forwarded_from }: Native): Payload | null {
  if (attachments.length === 0 && !link_preview && !forwarded_from) return null
  return { attachments, ...(link_preview && { link_preview }), ...(forwarded_from && { forwarded_from }) }
}
