/**
 * The vocabulary of the wire: every shape that leaves the server, as JSON in an answer or as an event on a
 * stream. Nothing else may cross. The browser takes its types from here and from nowhere else.
 *
 * Times are ISO 8601 UTC with milliseconds; ids are numbers.
 */

export interface User {
  id: number
  username: string
  display_name: string
  company: string | null
  avatar_url: string | null
}

export type TextSize = 'small' | 'normal' | 'large' | 'huge'

/** The signed-in user, as only he himself sees it. */
export interface OwnUser extends User {
  email: string
  locale: string
  notify_email_messages: boolean
  show_last_seen: boolean
  text_size: TextSize
  created_at: string
}

export interface Member {
  user_id: number
  username: string
  display_name: string
  avatar_url: string | null
  role: 'owner' | 'member'
  joined_at: string
  last_read_at: string | null
  last_read_message_id: number | null
  last_delivered_message_id: number | null
}

export interface Conversation {
  id: number
  is_group: boolean
  name: string | null
  description: string | null
  /** What the viewer sees: the group's name, or the other person's. */
  title: string
  avatar_url: string | null
  owner_id: number | null
  created_at: string
  updated_at: string
  seq: number
  last_message: Message | null
  /** Others' messages after the viewer's read position; stops at 100. */
  unread_count: number
  /** The first of them. */
  first_unread_id: number | null
  is_muted: boolean
  is_archived: boolean
  role: 'owner' | 'member'
  member_count: number
  /** In details always; in lists only the other person of a 1:1. */
  members?: Member[]
}

export interface Reply {
  id: number
  sender_id: number | null
  sender_name: string
  excerpt: string
  is_deleted: boolean
}

export interface Attachment {
  id: number
  filename: string
  mime_type: string
  size_bytes: number
  width: number | null
  height: number | null
  url: string
  thumbnail_url: string | null
}

export interface Reaction {
  id: number
  message_id: number
  user_id: number
  user_name: string
  emoji: string
  created_at: string
}

export interface LinkPreview {
  url: string
  title: string | null
  description: string | null
  image: string | null
}

export interface Message {
  id: number
  conversation_id: number
  /** Of the message's last change. */
  seq: number
  kind: 'user' | 'system'
  client_id: string | null
  sender_id: number
  sender: User
  /** Sanitized HTML; `null` once deleted. */
  content: string | null
  content_text: string | null
  reply_to_id: number | null
  reply_to: Reply | null
  forwarded_from: { message_id: number; sender_name: string } | null
  edited_at: string | null
  is_deleted: boolean
  deleted_at: string | null
  is_pinned: boolean
  link_preview: LinkPreview | null
  attachments: Attachment[]
  reactions: Reaction[]
  created_at: string
}

export interface Presence {
  user_id: number
  status: 'online' | 'away' | 'offline'
  is_online: boolean
  /** `null` for who hides it, and for who was never here; the two are equal. */
  last_seen: string | null
  last_active_at: string | null
}

export interface Pin {
  message: Message
  pinned_by: number
  created_at: string
}

/** All pins, unless they are long. */
export interface PinPage {
  pins: Pin[]
  has_more: boolean
  next_cursor: number | null
}

export interface UserPage {
  users: User[]
  has_more: boolean
  next_cursor: string | null
}

export interface ConversationPage {
  conversations: Conversation[]
  has_more: boolean
  next_cursor: string | null
  /** Of all of the viewer's conversations that are neither muted nor archived; stops at 100. */
  unread_total: number
}

export interface MessagePage {
  /** Ascending by id, without holes. */
  messages: Message[]
  /** There are older ones than the first; with `after_id`, newer ones than the last. */
  has_more: boolean
  /** Of the newest page and of one around a message: there are newer ones than the last. */
  has_newer?: boolean
  next_cursor: number | null
  /** The page is as the conversation was at this number, or later. */
  seq: number
}

/** Event names and their data, as `realtime.md` of the contract has them. */
export interface Events {
  connected: { user_id: number; server_time: string }
  new_message: { conversation_id: number; seq: number; message: Message }
  message_edited: {
    conversation_id: number
    seq: number
    message_id: number
    new_content: string
    edited_at: string
  }
  message_deleted: { conversation_id: number; seq: number; message_id: number }
  reaction: {
    conversation_id: number
    seq: number
    message_id: number
    user_id: number
    user_name: string
    emoji: string
    action: 'add' | 'remove'
  }
  message_pinned: {
    conversation_id: number
    seq: number
    message_id: number
    pinned_by: number
    action: 'pin' | 'unpin'
  }
  /** A change of a message that has no event of its own, or any change when it is told again. */
  message_updated: { conversation_id: number; seq: number; message: Message }
  message_delivered: { conversation_id: number; user_id: number; delivered_at: string; message_id: number }
  message_read: { conversation_id: number; user_id: number; read_at: string; message_id: number }
  conversation_updated: { conversation_id: number; seq: number; conversation: Conversation }
  conversation_removed: { conversation_id: number }
  /** To the other members; `is_typing: false` follows by itself 3 s after the last one. */
  typing: {
    conversation_id: number
    user_id: number
    user_name: string
    username: string
    display_name: string
    is_typing: boolean
  }
  presence: { user_id: number; status: Presence['status']; last_seen: string | null; timestamp: string }
  /** To our own page every 15 s: an EventSource does not show the comments that keep others' streams alive. */
  heartbeat: Record<string, never>
  /** The cursor is too old: load afresh. */
  resync: Record<string, never>
}

export type EventName = keyof Events

/** `application/problem+json` (RFC 9457), the body of every error answer. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  errors?: { path: string; message: string }[]
}
