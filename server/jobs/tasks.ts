/**
 * Every task with its payload; the handlers are listed in `jobs-process.ts`. Payloads are minimal: a handler reads the
 * state as of its run, not as of the enqueueing.
 */
export interface Tasks {
  /** Decides who is mailed about a conversation's newest messages; left by send_messages(). */
  notify: { conversation_id: number }
  /** Mails a member about a conversation. */
  mail: { conversation_id: number; user_id: number }
  /** Fetches the preview of a message's link. */
  preview: { message_id: number }
  /** Pushes a conversation's newest message to the members who are away; left by the trigger of drizzle/0023_push.sql. */
  push: { conversation_id: number }
  /** Pushes it to a subscription whose push service failed, if it is still unread. */
  push_again: { conversation_id: number; subscription_id: number; from_id: number }
  /** Tells those whom an edit of a message mentions, and none of its texts did before. */
  mentioned: { conversation_id: number; message_id: number; user_ids: number[] }
  /** Publishes the votes of a poll that were not yet. */
  votes: { message_id: number }
  /** Sends a message whose time has come. */
  send_scheduled: { scheduled_id: number }
  /** Learns the words of new messages, every minute. */
  learn_words: Record<never, never>
  /** Makes the backup of the day, where BACKUP_DIR is set. */
  backup: Record<never, never>
  /** Housekeeping, every night. */
  tidy: Record<never, never>
}

export type Task = keyof Tasks

/**
 * One handler for each task. What it throws is stored with the job, which is retried after 3, 7, 20, 55 s and so on, from
 * the tenth time every 6 hours, up to its number of attempts. It may run more than once for one job.
 */
export type Handlers = { [T in Task]: (payload: Tasks[T]) => Promise<void> }
