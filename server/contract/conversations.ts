import { z } from 'zod'
import { tidyLines } from '../../views/people/names.ts'
import { cursorText, writeCursor } from './cursor.ts'
import { future, idNumber, idText, line, pageLimit, searched, seq, text, time } from './fields.ts'
import { limits } from './limits.ts'
import { Message } from './messages.ts'

const Role = z.enum(['owner', 'member'])
/** What a member is notified of: everything, only what mentions them, nothing. A conversation is muted unless it is `all`. */
export const Notify = z.enum(['all', 'mentions', 'none'])
export type Notify = z.infer<typeof Notify>

export const Member = z.object({
  user_id: idNumber,
  username: z.string(),
  display_name: z.string(),
  avatar_url: z.string().nullable(),
  role: Role,
  joined_at: time,
  last_read_at: time.nullable(),
  last_read_message_id: idNumber.nullable(),
  last_delivered_message_id: idNumber.nullable(),
  is_active: z.boolean().exactOptional().describe('Whether their account is used still.'),
})
export type Member = z.infer<typeof Member>

export const Conversation = z.object({
  id: idNumber,
  is_group: z.boolean(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  /** What the viewer sees: the group's name, or the other person's. */
  title: z.string(),
  avatar_url: z.string().nullable(),
  owner_id: idNumber.nullable(),
  created_at: time,
  updated_at: time,
  seq,
  last_message: Message.nullable(),
  /** Others' messages after the viewer's read position; stops at `limits.unreadCount`. */
  unread_count: z.int().max(limits.unreadCount),
  /** The first of them. */
  first_unread_id: idNumber.nullable(),
  /** Those of them that mention the viewer; none with `notify: "none"`. */
  unread_mentions: z.int().max(limits.unreadCount),
  is_muted: z.boolean(),
  muted_until: time.nullable().describe('When the mute ends by itself; nothing else tells it.'),
  is_pinned: z.boolean(),
  notify: Notify,
  is_archived: z.boolean(),
  role: Role,
  member_count: z.int(),
  /** In details always; in lists only the other person of a 1:1. */
  members: z.array(Member).exactOptional(),
})
export type Conversation = z.infer<typeof Conversation>

export const ConversationPage = z.object({
  conversations: z.array(Conversation),
  pinned: z
    .array(Conversation)
    .exactOptional()
    .describe(
      'On the first page of a list that is not searched: the pinned conversations that are further down in it.',
    ),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
  /**
   * Of all of the viewer's conversations that are not archived; of muted ones, those that mention them. Stops at
   * `limits.unreadCount`.
   */
  unread_total: z.int().max(limits.unreadCount),
})
export type ConversationPage = z.infer<typeof ConversationPage>

/** What changed in a conversation after a `seq`, of each message its present state. */
export const Changes = z.object({
  conversation: Conversation,
  /** Ascending by `seq`. */
  messages: z.array(Message),
  /** Everything up to here is in the answer; the `after_seq` of the next request. */
  seq,
  has_more: z.boolean(),
  /** Of the 500 messages that begin with `stars_from_id`, those that the one who asks has starred: a star takes no `seq`. */
  starred_ids: z.array(idNumber).exactOptional(),
})
export type Changes = z.infer<typeof Changes>

/** Where a page of the list ended. */
export interface ListCursor {
  updatedAt: string
  id: number
}

/** PostgreSQL knows no year 0. */
const cursorTime = z.iso.datetime().refine((written) => !written.startsWith('0000'))
const ListCursor = z
  .tuple([cursorTime, idNumber])
  .transform(([updatedAt, id]): ListCursor => ({ updatedAt, id }))
export const listCursorText = cursorText(ListCursor, 100)
export const writeListCursor = (last: Conversation) => writeCursor([last.updated_at, last.id])

/** `any` holds the archived ones as well as all others. */
export const Filter = z.enum(['all', 'unread', 'groups', 'archived', 'any'])
export type Filter = z.infer<typeof Filter>

export const ListQuery = z.object({
  limit: pageLimit(limits.conversationPage),
  cursor: listCursorText.optional(),
  filter: Filter.default('all'),
  /** A piece of the title. */
  query: searched.optional(),
})
export type ListQuery = z.output<typeof ListQuery>

const name = line(limits.groupNameCharacters)
/** May have several lines; empty, it is none. */
const description = text
  .transform((value) => tidyLines(value) || null)
  .pipe(z.string().max(limits.groupDescriptionCharacters).nullable())
const otherMembers = z
  .array(idNumber)
  .min(1)
  .max(limits.groupMembers - 1)

const NewDirect = z.object({ user_id: idNumber })
export const NewGroup = z.object({ name, description: description.optional(), member_ids: otherMembers })
export const NewConversation = z.union([NewDirect, NewGroup], {
  error: 'must be {user_id} or {name, member_ids}',
})

export const ConversationPatch = z.object({
  name: name.optional(),
  description: description.nullable().optional(),
})
/**
 * Muting by `is_muted` leaves notifications of mentions, unless that is switched off already; `notify` wins over it.
 * `muted_until` mutes, and `null` lets a mute last; so does muting without it. What is pinned leaves the archive, what is
 * archived is pinned no more.
 */
export const OwnSettings = z
  .object({
    is_muted: z.boolean().optional(),
    muted_until: future.nullable().optional(),
    notify: Notify.optional(),
    is_archived: z.boolean().optional(),
    is_pinned: z.boolean().optional(),
  })
  .refine(
    ({ is_muted, notify, muted_until }) => !muted_until || (notify ? notify !== 'all' : is_muted !== false),
    { error: 'makes no sense with what is not muted', path: ['muted_until'] },
  )
  .refine(({ is_archived, is_pinned }) => !(is_archived && is_pinned), {
    error: 'makes no sense with what is archived',
    path: ['is_pinned'],
  })
export type OwnSettings = z.infer<typeof OwnSettings>
export const NewMembers = z.object({ user_ids: otherMembers })
export const MemberPath = z.object({ id: idText, user_id: idText })
