import { Router } from 'express'
import { anyDraft, sendMessage } from '../messages/send.ts'
import { endpoint } from '../web/endpoint.ts'
import { cancelScheduled, changeScheduled } from './change.ts'
import { scheduleMessage } from './schedule.ts'
import { scheduledOf } from './store.ts'

/** To send a message, now or later, and what waits. */
export const scheduled = Router()

/** 201 with the message, or what waits for its time; 200 with the first one when its `client_id` was sent before. */
endpoint(
  scheduled,
  'POST /api/conversations/:id/messages',
  { limit: 'send' },
  async ({ user, params, body, res }) => {
    const { send_at, draft_version = anyDraft, ...wanted } = body
    if (send_at) {
      const { scheduled, isNew } = await scheduleMessage(user.id, params.id, {
        ...wanted,
        draft_version,
        send_at,
      })
      res.status(isNew ? 201 : 200)
      return { scheduled }
    }
    const { message, isNew } = await sendMessage(user, params.id, { ...wanted, draft_version })
    res.status(isNew ? 201 : 200)
    return { message }
  },
)

endpoint(scheduled, 'GET /api/messages/scheduled', {}, async ({ user }) => ({
  scheduled: await scheduledOf(user.id),
}))

endpoint(
  scheduled,
  'PATCH /api/messages/scheduled/:id',
  { limit: 'change' },
  async ({ user, params, body }) => ({ scheduled: await changeScheduled(user.id, params.id, body) }),
)

endpoint(scheduled, 'DELETE /api/messages/scheduled/:id', { limit: 'change' }, ({ user, params }) =>
  cancelScheduled(user.id, params.id),
)
