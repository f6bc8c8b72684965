import { sql } from '../db/client.ts'

/** Becomes of a message for a member: `due` and `sending` are on their way, all others are final. */
export type Outcome =
  | 'due'
  | 'sending'
  | 'sent'
  /** There is no mail server: it was written to the log. */
  | 'logged'
  /** The mail server will never take it. */
  | 'refused'
  | 'sender'
  | 'deleted'
  | 'inactive'
  | 'muted'
  | 'off'
  | 'no_address'
  | 'read'
  /** No member any more. */
  | 'left'

/** What a mail can be addressed to without any quoting: one address, whoever parses it. */
const address = '^[^][[:space:][:cntrl:]@<>(),;:"\\\\]+@[^][[:space:][:cntrl:]@<>(),;:"\\\\]+$'

/**
 * The whole rule, for a message `m` in `c` and its member `cm`, the user `u`: muted no, switched off no, else yes;
 * never to the sender nor to who is gone, nor about what is read or deleted.
 */
export const verdict = () => sql`
  case
    when cm.user_id is null then 'left'
    when m.sender_id = u.id then 'sender'
    when m.is_deleted or c.deleted_at is not null then 'deleted'
    when u.is_active is not true then 'inactive'
    when cm.is_muted then 'muted'
    when u.notify_email_messages is false then 'off'
    when u.email !~ ${address} then 'no_address'
    when cm.last_read_message_id >= m.id then 'read'
    else 'due'
  end`
