import type { Attachment } from '../contract/attachments.ts'
import type { Conversation, Member } from '../contract/conversations.ts'
import type { Message } from '../contract/messages.ts'
import type { Presence } from '../contract/presence.ts'
import type { Reaction } from '../contract/reactions.ts'
import type { OwnUser, User } from '../contract/users.ts'

const at = '2026-03-02T09:15:00.000Z'

const anna: User = {
  id: 7,
  username: 'anna',
  display_name: 'Anna Kowalska',
  company: 'Poradnia Kowalska',
  avatar_url: null,
}

const own: OwnUser = {
  ...anna,
  email: 'anna@example.org',
  locale: 'pl',
  notify_email_messages: true,
  show_last_seen: true,
  text_size: 'normal',
  quiet_hours: { from: '22:00', to: '07:00', time_zone: 'Europe/Warsaw' },
  enter_sends: true,
  created_at: at,
}

const attachment: Attachment = {
  id: 31,
  filename: 'program.pdf',
  mime_type: 'application/pdf',
  size_bytes: 48_213,
  width: null,
  height: null,
  url: '/api/attachments/31',
  thumbnail_url: null,
}

const reaction: Reaction = {
  id: 5,
  message_id: 1204,
  user_id: 8,
  user_name: 'Bartek Nowak',
  emoji: '👍',
  created_at: at,
}

const message: Message = {
  id: 1204,
  conversation_id: 42,
  seq: 318,
  kind: 'user',
  line: null,
  client_id: '0b1f6f0e-3c55-4d0e-9a3c-0c6a7d1b2f10',
  sender_id: anna.id,
  sender: anna,
  content: '<p>Do zobaczenia <strong>w czwartek</strong>.</p>',
  content_text: 'Do zobaczenia w czwartek.',
  reply_to_id: null,
  reply_to: null,
  forwarded_from: null,
  edited_at: null,
  is_deleted: false,
  deleted_at: null,
  is_pinned: false,
  link_preview: null,
  attachments: [attachment],
  mentions: [],
  reactions: [reaction],
  created_at: at,
}

const member: Member = {
  user_id: anna.id,
  username: anna.username,
  display_name: anna.display_name,
  avatar_url: null,
  role: 'owner',
  joined_at: at,
  last_read_at: at,
  last_read_message_id: message.id,
  last_delivered_message_id: message.id,
}

const conversation: Conversation = {
  id: 42,
  is_group: true,
  name: 'Zarząd',
  description: null,
  title: 'Zarząd',
  avatar_url: null,
  owner_id: anna.id,
  created_at: at,
  updated_at: at,
  seq: message.seq,
  last_message: message,
  unread_count: 0,
  first_unread_id: null,
  unread_mentions: 0,
  is_muted: false,
  muted_until: null,
  is_pinned: false,
  notify: 'all',
  is_archived: false,
  role: 'owner',
  member_count: 1,
  members: [member],
}

const presence: Presence = {
  user_id: anna.id,
  status: 'away',
  is_online: true,
  last_seen: at,
  last_active_at: at,
}

/** An example of each main schema of the contract, by the schema's name. */
export const examples: Record<string, unknown> = {
  User: anna,
  OwnUser: own,
  Attachment: attachment,
  Reaction: reaction,
  Message: message,
  Member: member,
  Conversation: conversation,
  Presence: presence,
  RegistrationBody: { email: own.email, username: 'anna', password: 'correct horse battery' },
  LoginBody: { email: own.email, password: 'correct horse battery' },
  SettingsBody: { show_last_seen: false },
  NewConversation: { name: 'Zarząd', member_ids: [8, 9] },
  NewMessageBody: { content: 'Do zobaczenia w czwartek.', client_id: message.client_id },
  EditBody: { content: 'Do zobaczenia w piątek.' },
  ForwardBody: { conversation_ids: [43, 44] },
  PollBody: {
    question: 'Kto przyjdzie?',
    options: ['Będę', 'Nie dam rady'],
    is_multiple: false,
    is_secret: false,
    closes_at: '2026-03-05T18:00:00.000Z',
  },
  OwnSettings: { notify: 'mentions', is_pinned: true },
  VotesBody: { option_ids: [1] },
  ReactionBody: { emoji: '👍' },
}
