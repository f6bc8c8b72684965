import {
  bigint,
  boolean,
  customType,
  integer,
  json,
  jsonb,
  pgTable,
  text,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'

/** Ids, sequences and sizes stay far below 2^53. */
const int8 = () => bigint({ mode: 'number' })
/** ISO 8601, UTC, as `client.ts` reads it. */
const time = () => timestamp({ precision: 3, withTimezone: true, mode: 'string' })
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })

/**
 * The columns of all tables, for the types of rows alone: what is more to them is in drizzle/schema.sql. Never loaded at
 * run time, but by the test that compares it with the database.
 */
export const tables = {
  users: pgTable('users', {
    id: int8().notNull(),
    email: varchar({ length: 255 }).notNull(),
    password_hash: varchar({ length: 255 }),
    name: varchar({ length: 255 }),
    company: varchar({ length: 255 }),
    is_active: boolean().notNull(),
    is_admin: boolean().notNull(),
    notify_email_messages: boolean().notNull(),
    created_at: time().notNull(),
    username: varchar({ length: 255 }).notNull(),
    avatar: text(),
    locale: varchar({ length: 10 }).notNull(),
    show_last_seen: boolean().notNull(),
    last_seen_at: time(),
    sought: text().notNull(),
    text_size: text({ enum: ['small', 'normal', 'large', 'huge'] }).notNull(),
  }),
  sessions: pgTable('sessions', {
    sid: varchar().notNull(),
    sess: json().notNull(),
    expire: timestamp({ precision: 6, mode: 'string' }).notNull(),
  }),
  socket_places: pgTable('socket_places', {
    sid: varchar().notNull(),
    protocol: text().notNull(),
    cursor: text().notNull(),
    history: text().notNull(),
    positions: jsonb().notNull(),
  }),
  conversations: pgTable('conversations', {
    id: int8().notNull(),
    name: varchar({ length: 255 }),
    description: text(),
    is_group: boolean().notNull(),
    owner_id: int8(),
    direct_key: text(),
    seq: int8().notNull(),
    last_message_id: int8(),
    created_at: time().notNull(),
    updated_at: time().notNull(),
    deleted_at: time(),
    xid: xid8().notNull(),
    notify_from_id: int8(),
  }),
  conversation_members: pgTable('conversation_members', {
    conversation_id: int8().notNull(),
    user_id: int8().notNull(),
    role: varchar({ length: 20, enum: ['owner', 'member'] }).notNull(),
    last_read_at: time(),
    last_read_message_id: int8(),
    last_delivered_at: time(),
    last_delivered_message_id: int8(),
    is_muted: boolean().notNull(),
    is_archived: boolean().notNull(),
    joined_at: time().notNull(),
    added_by_id: int8(),
    xid: xid8().notNull(),
  }),
  messages: pgTable('messages', {
    id: int8().notNull(),
    conversation_id: int8().notNull(),
    seq: int8().notNull(),
    kind: varchar({ length: 10, enum: ['user', 'system'] }).notNull(),
    sender_id: int8().notNull(),
    content: text(),
    content_text: text(),
    reply_to_id: int8(),
    forwarded_from: jsonb(),
    client_id: uuid(),
    edited_at: time(),
    is_deleted: boolean().notNull(),
    deleted_at: time(),
    link_preview: jsonb(),
    created_at: time().notNull(),
    xid: xid8().notNull(),
    preview_removed_urls: text().array(),
    line: jsonb(),
  }),
  message_reactions: pgTable('message_reactions', {
    id: int8().notNull(),
    message_id: int8().notNull(),
    user_id: int8().notNull(),
    emoji: varchar({ length: 10 }).notNull(),
    created_at: time().notNull(),
  }),
  message_pins: pgTable('message_pins', {
    id: int8().notNull(),
    conversation_id: int8().notNull(),
    message_id: int8().notNull(),
    pinned_by_id: int8().notNull(),
    created_at: time().notNull(),
  }),
  message_attachments: pgTable('message_attachments', {
    id: int8().notNull(),
    filename: varchar({ length: 255 }).notNull(),
    stored_filename: varchar({ length: 255 }).notNull(),
    mime_type: varchar({ length: 100 }).notNull(),
    file_size: int8().notNull(),
    created_at: time().notNull(),
    new_message_id: int8(),
    uploader_id: int8(),
    width: integer(),
    height: integer(),
  }),
  conversation_departures: pgTable('conversation_departures', {
    conversation_id: int8().notNull(),
    user_id: int8().notNull(),
    left_at: time().notNull(),
    xid: xid8().notNull(),
  }),
  legacy_conversations: pgTable('legacy_conversations', {
    conversation_id: int8(),
    group_id: integer(),
    seq: int8().notNull(),
    before: jsonb(),
  }),
  legacy_members: pgTable('legacy_members', {
    conversation_id: int8().notNull(),
    user_id: int8().notNull(),
    before: jsonb(),
  }),
  legacy_messages: pgTable('legacy_messages', {
    source: varchar({ length: 10 }).notNull(),
    legacy_id: integer().notNull(),
    part: integer().notNull(),
    message_id: int8(),
  }),
  legacy_files: pgTable('legacy_files', {
    stored_filename: varchar({ length: 255 }).notNull(),
  }),
  ended_sessions: pgTable('ended_sessions', {
    user_id: int8().notNull(),
    fingerprint: text().notNull(),
    ended_at: time().notNull(),
  }),
  notification_ranges: pgTable('notification_ranges', {
    user_id: int8().notNull(),
    conversation_id: int8().notNull(),
    from_id: int8().notNull(),
    until_id: int8().notNull(),
    since: time().notNull(),
    outcome: varchar({ length: 10 }).notNull(),
    read_id: int8().notNull(),
    letter_id: int8(),
    answer: text(),
    decided_at: time().notNull(),
  }),
  installation: pgTable('installation', {
    name: text().notNull(),
    value: text().notNull(),
  }),
}

type Tables = { [T in keyof typeof tables]: (typeof tables)[T]['$inferSelect'] }

/** These columns of a row, as the connections of `client.ts` give them: `Row<'users', 'id' | 'email'>`. */
export type Row<T extends keyof Tables, C extends keyof Tables[T]> = Pick<Tables[T], C>
