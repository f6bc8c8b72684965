import { sql } from '../db/client.ts'

/** What becomes of a stretch of messages for a member: `due` and `sending` are on their way, all others are final. */
export type Outcome =
  | 'due'
  | 'sending'
  | 'sent'
  /** There is no mail server: it was written to the log. */
  | 'logged'
  /** The mail server will never take it. */
  | 'refused'
  /** The conversation is. */
  | 'deleted'
  | 'inactive'
  | 'muted'
  | 'off'
  | 'no_address'
  /** Every message in it was their own, deleted, or read by then. */
  | 'nothing'
  /** No member any more. */
  | 'left'

/** What a mail can be addressed to without any quoting: one address, whoever parses it. */
const address = '^[^][[:space:][:cntrl:]@<>(),;:"\\\\]+@[^][[:space:][:cntrl:]@<>(),;:"\\\\]+$'

/**
 * The whole rule, for a stretch `r` of messages in `c` and its member `cm`, the user `u`: muted no, switched off no,
 * else yes when there is anything in it to be mailed about.
 */
export const verdict = () => sql`
  case
    when cm.user_id is null then 'left'
    when c.deleted_at is not null then 'deleted'
    when u.is_active is not true then 'inactive'
    when cm.is_muted then 'muted'
    when u.notify_email_messages is false then 'off'
    when u.email !~ ${address} then 'no_address'
    when not exists (select ${unread()}) then 'nothing'
    else 'due'
  end`

/** The messages `m` of that stretch that the member has not read, and that are neither their own nor deleted. */
export const unread = () => sql`
  from messages m
  where m.conversation_id = c.id and m.id > coalesce(cm.last_read_message_id, 0)
    and m.id between r.from_id and r.until_id and m.created_at >= r.since
    and m.kind = 'user' and m.sender_id <> u.id and not m.is_deleted`
