import type { Scheduled } from '../contract/scheduled.ts'
import { signal } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'

export const publishScheduled = (userId: number, scheduled: Scheduled): void =>
  publish(
    [userId],
    signal('scheduled_updated', {
      conversation_id: scheduled.conversation_id,
      id: scheduled.id,
      scheduled,
    }),
  )

/** Sent or cancelled. */
export const publishGone = (
  userId: number,
  { id, conversation_id }: { id: number; conversation_id: number },
) => publish([userId], signal('scheduled_updated', { conversation_id, id, scheduled: null }))
