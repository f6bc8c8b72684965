import { z } from 'zod'
import { Attachment } from './attachments.ts'
import { sentVersion } from './drafts.ts'
import { idNumber, idText, moment, pageLimit, seq, text, time } from './fields.ts'
import { limits } from './limits.ts'
import { Poll } from './polls.ts'
import { Reaction } from './reactions.ts'
import { sendAt } from './scheduled.ts'
import { User } from './users.ts'

export const Reply = z.object({
  id: idNumber,
  sender_id: idNumber.nullable(),
  sender_name: z.string(),
  excerpt: z.string(),
  is_deleted: z.boolean(),
})
export type Reply = z.infer<typeof Reply>

export const LinkPreview = z.object({
  url: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  image: z.string().nullable(),
})
export type LinkPreview = z.infer<typeof LinkPreview>

/** What happened to a group, with the names of those concerned as they were; each reader has it in their language. */
export const SystemLine = z.discriminatedUnion('event', [
  z.object({ event: z.literal('renamed'), actor: z.string(), name: z.string() }),
  z.object({ event: z.literal('described'), actor: z.string() }),
  z.object({ event: z.literal('added'), actor: z.string(), members: z.array(z.string()) }),
  z.object({ event: z.literal('removed'), actor: z.string(), member: z.string() }),
  z.object({ event: z.literal('left'), member: z.string() }),
  z.object({ event: z.literal('took_over'), member: z.string() }),
])
export type SystemLine = z.infer<typeof SystemLine>

export const Message = z.object({
  id: idNumber,
  conversation_id: idNumber,
  /** Of the message's last change. */
  seq,
  kind: z.enum(['user', 'system', 'poll']),
  /** Where the kind is `poll`: its content has the same as text. A deleted one is none any more. */
  poll: Poll.exactOptional(),
  /** Of a system line; of one from before there were facts, and of users' messages, `null`. */
  line: SystemLine.nullable(),
  client_id: z.string().nullable(),
  sender_id: idNumber,
  sender: User,
  /** Sanitized HTML; `null` once deleted. */
  content: z.string().nullable(),
  content_text: z.string().nullable(),
  reply_to_id: idNumber.nullable(),
  reply_to: Reply.nullable(),
  forwarded_from: z.object({ message_id: idNumber, sender_name: z.string() }).nullable(),
  edited_at: time.nullable(),
  is_deleted: z.boolean(),
  deleted_at: time.nullable(),
  is_pinned: z.boolean(),
  is_starred: z
    .boolean()
    .exactOptional()
    .describe(
      'True where the one who asks has starred it, else absent; also in what all members are told, and in the `last_message` of a conversation.',
    ),
  link_preview: LinkPreview.nullable(),
  attachments: z.array(Attachment),
  /** Users who were members when it was written, each once, in the order of the text. */
  mentions: z.array(idNumber),
  reactions: z.array(Reaction),
  created_at: time,
})
export type Message = z.infer<typeof Message>

export const MessagePage = z.object({
  /** Ascending by id, without holes. */
  messages: z.array(Message),
  /** There are older ones than the first; with `after_id`, newer ones than the last. */
  has_more: z.boolean(),
  /** Of the newest page and of one around a message: there are newer ones than the last. */
  has_newer: z.boolean().exactOptional(),
  next_cursor: idNumber.nullable(),
  /** The page is as the conversation was at this number, or later. */
  seq,
})
export type MessagePage = z.infer<typeof MessagePage>

export const PageQuery = z
  .object({
    limit: pageLimit(limits.messagePage),
    before_id: idText.optional(),
    after_id: idText.optional(),
    around_id: idText.optional(),
    at: moment.optional(),
  })
  .refine(
    ({ limit: _, ...place }) => Object.values(place).filter(Boolean).length <= 1,
    'only one of before_id, after_id, around_id and at makes sense',
  )

export const NewMessageBody = z.object({
  content: text,
  attachment_ids: z.array(idNumber).max(limits.messageAttachments).optional(),
  reply_to_id: idNumber.optional(),
  client_id: z.uuid().optional(),
  draft_version: sentVersion,
  send_at: sendAt.optional().describe('Not now, but then.'),
})

export const ReadBody = z.object({ message_id: idNumber.optional() })
/** Without it, the newest message of somebody else is meant. */
export const UnreadBody = z.object({ message_id: idNumber.optional() })
export const EditBody = z.object({ content: text })
export const ForwardBody = z.object({ conversation_ids: z.array(idNumber).min(1).max(limits.forwardTargets) })
export const ChangesQuery = z.object({
  after_seq: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a seq')
    .transform(Number)
    .pipe(seq),
  stars_from_id: idText.optional(),
})
