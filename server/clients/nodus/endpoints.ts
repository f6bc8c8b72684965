import { z } from 'zod'
import { Attachment } from '../../contract/attachments.ts'
import { type Declaration, found } from '../../contract/endpoints.ts'
import { ById, idNumber, idText, pageLimit, text, time } from '../../contract/fields.ts'
import { limits } from '../../contract/limits.ts'
import { ForwardBody, LinkPreview, Message as Native } from '../../contract/messages.ts'
import { Presence } from '../../contract/presence.ts'
import { Reaction as NativeReaction, ReactionBody, ReactionPath } from '../../contract/reactions.ts'
import { SearchQuery, SearchResult } from '../../contract/search.ts'
import { SocketQuery } from '../../web/sockets.ts'

export const Reaction = NativeReaction.omit({ user_name: true })
export type Reaction = z.infer<typeof Reaction>

/** What a message holds besides its text. */
const Payload = z.object({
  attachments: z.array(Attachment),
  link_preview: LinkPreview.exactOptional(),
  forwarded_from: Native.shape.forwarded_from.unwrap().exactOptional(),
})
export type Payload = z.infer<typeof Payload>

/** The kind of a message with files is that of the first. */
const fileTypes = ['image', 'video', 'audio', 'file'] as const
export type FileType = (typeof fileTypes)[number]

export const Message = z.object({
  id: idNumber,
  chat_id: idNumber,
  author_id: idNumber,
  type: z.enum(['text', 'system', ...fileTypes]),
  /** Plain text; `null` once deleted. */
  content: z.string().nullable(),
  /** `null` when there is nothing but text. */
  payload: Payload.nullable(),
  /** Read once everybody else has read it. */
  status: z.enum(['delivered', 'read']),
  ts: time,
  reply_to_id: idNumber.nullable(),
  is_deleted: z.boolean(),
  deleted_at: time.nullable(),
  /** When it was edited. */
  updated_at: time.nullable(),
  reactions: z.array(Reaction),
})
export type Message = z.infer<typeof Message>

/** Files are uploaded first. Any other payload would be lost, and so is refused. */
const NewPayload = z.strictObject(
  { attachment_ids: z.array(idNumber).max(limits.messageAttachments).optional() },
  'must be null or {attachment_ids: [...]}',
)

/** `type` says what is sent, not how it is shown: the kind that others see follows from the files themselves. */
const NewMessage = z
  .object({
    chat_id: idNumber,
    content: text.nullish(),
    type: z.enum(['text', ...fileTypes]).nullish(),
    payload: NewPayload.nullish(),
    reply_to_id: idNumber.nullish(),
  })
  .refine(({ type, payload }) => !type || type === 'text' || payload?.attachment_ids?.length, {
    path: ['type'],
    error: 'needs payload.attachment_ids, unless it is text',
  })

const Changes = z.object({ content: text, payload: z.null('cannot be changed').optional() })

const MessageList = z.object({
  /** Ascending by id. */
  messages: z.array(Message),
  has_more: z.boolean(),
  /** The `before_id` of the next page, which is older. */
  next_cursor: idNumber.nullable(),
})

const SearchPage = z.object({
  /** The newest first. */
  results: z.array(z.object({ message: Message, excerpt: SearchResult.shape.excerpt })),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
})

const UserPresence = Presence.pick({ user_id: true, status: true, last_seen: true })

const TypingUser = z.object({ user_id: idNumber, username: z.string(), display_name: z.string() })

/** Every endpoint for clients of NODUS v2, by method and path. Errors are `{detail}`. */
export const endpoints = {
  'GET /api/v1/messages': {
    query: z.object({
      chat_id: idText,
      limit: pageLimit(limits.messagePage),
      before_id: idText.optional(),
    }),
    answer: MessageList,
  },
  'POST /api/v1/messages': { body: NewMessage, status: 201, answer: Message },
  'PATCH /api/v1/messages/:id': { params: ById, body: Changes, answer: Message },
  'DELETE /api/v1/messages/:id': { params: ById, answer: Message },
  'POST /api/v1/messages/:id/forward': {
    params: ById,
    body: z.object({ chat_ids: ForwardBody.shape.conversation_ids }),
    status: 201,
    answer: z.object({ messages: z.array(Message) }),
  },
  'POST /api/v1/messages/:id/reactions': {
    params: ById,
    body: ReactionBody,
    status: found,
    answer: Reaction,
  },
  'DELETE /api/v1/messages/:id/reactions/:emoji': { params: ReactionPath },
  'GET /api/v1/search': {
    query: SearchQuery.pick({ q: true, limit: true, cursor: true }).extend({ chat_id: idText.optional() }),
    answer: SearchPage,
  },
  'POST /api/v1/media': { upload: true, status: 201, answer: Attachment },
  'POST /api/v1/presence/typing': {
    body: z.object({ chat_id: idNumber, is_typing: z.boolean().default(true) }),
  },
  'GET /api/v1/presence/typing/:chat_id': {
    params: z.object({ chat_id: idText }),
    answer: z.object({ chat_id: idNumber, users: z.array(TypingUser) }),
  },
  'POST /api/v1/presence/heartbeat': { answer: UserPresence },
  'GET /api/v1/presence/me': { answer: UserPresence },
  'GET /api/v1/ws': { query: SocketQuery },
  'GET /api/v1/presence/:user_id': { params: z.object({ user_id: idText }), answer: UserPresence },
} satisfies Record<string, Declaration>
