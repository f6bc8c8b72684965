import { sql } from '../db/client.ts'

/** The outcome of a range of messages for a member: `due` and `sending` are in progress, all others are final. */
export type Outcome =
  | 'due'
  | 'sending'
  | 'sent'
  /** Without a mail server it is only logged. */
  | 'logged'
  /** The mail server refused it permanently. */
  | 'refused'
  /** The conversation was deleted. */
  | 'deleted'
  | 'inactive'
  | 'muted'
  | 'off'
  | 'no_address'
  /** Every message in it was the member's own, deleted, or read by then. */
  | 'nothing'
  /** The user has left the conversation. */
  | 'left'

/** Addresses that need no quoting, and so mean a single address to every parser. */
const address = '^[^][[:space:][:cntrl:]@<>(),;:"\\\\]+@[^][[:space:][:cntrl:]@<>(),;:"\\\\]+$'

/** Whether a member `cm` has muted it, by now. */
export const isMuted = () => sql`is_mute_on(cm.is_muted, cm.muted_until)`

/** The first part of a `case`: of a range `r` of messages in `c`, its member `cm`, the user `u`, hears nothing, whatever the way. */
export const silence = () => sql`
    when cm.user_id is null then 'left'
    when c.deleted_at is not null then 'deleted'
    when u.is_active is not true then 'inactive'
    when ${isMuted()} and (cm.mutes_mentions or not c.is_group or ${firstMention()} is null) then 'muted'`

/** The first unread message of a range `r` in `c` that mentions its member `cm`. */
const firstMention = () => sql`(
  select mm.message_id from message_mentions mm
  where mm.user_id = cm.user_id and mm.conversation_id = c.id and mm.message_id between r.from_id and r.until_id
    and mm.message_id > coalesce(cm.last_read_message_id, 0) and not mm.is_removed
  order by mm.message_id limit 1)`

/** Whether a message `m` in `c` mentions a user `u`: true or null. */
export const isMention = () => sql`(
  select true from message_mentions mm
  where mm.user_id = u.id and mm.conversation_id = c.id and mm.message_id = m.id and not mm.is_removed)`

/**
 * The whole rule, for a range `r` of messages in `c` and its member `cm`, the user `u`: not when muted, unless it mentions
 * them, or switched off, else if there is anything in it to be mailed about.
 */
export const verdict = () => sql`
  case ${silence()}
    when u.notify_email_messages is false then 'off'
    when u.email !~ ${address} then 'no_address'
    when not exists (select ${unread()}) then 'nothing'
    else 'due'
  end`

/** The messages `m` of that range that the member has not read and is notified of, neither their own nor deleted. */
export const unread = () => sql`${unreadLines()} and m.kind = 'user'`

/** The same, and system lines. */
export const unreadLines = () => sql`
  from messages m
  where m.conversation_id = c.id and m.id > coalesce(cm.last_read_message_id, 0)
    and m.id between r.from_id and r.until_id and m.created_at >= r.since
    and m.sender_id <> u.id and not m.is_deleted and (not ${isMuted()} or ${isMention()})`
