/**
 * Every task with what its jobs carry; who handles it stands in `jobs-process.ts`. A payload is as small as can be:
 * a handler looks at how things are when it runs, not at how they were.
 */
export interface Tasks {
  /** Decides who is mailed about a conversation's newest messages; left by send_message(). */
  notify: { conversation_id: number }
  /** Mails a member about a conversation. */
  mail: { conversation_id: number; user_id: number }
  /** Looks for the preview of a message's link. */
  preview: { message_id: number }
  /** Housekeeping, every night. */
  tidy: Record<never, never>
}

export type Task = keyof Tasks

/**
 * One handler for each task. Whatever it throws is kept with the job, which is tried again: after 3, 7, 20, 55 s and so
 * on, from the tenth time on every 6 hours, 25 times or as often as was asked for. It may run more than once for one job.
 */
export type Handlers = { [T in Task]: (payload: Tasks[T]) => Promise<void> }
