import { Router } from 'express'
import { changeSettings } from '../../accounts/change-settings.ts'
import { presenceOf, presencesOf } from '../../presence/presences.ts'
import { mount } from '../../web/endpoint.ts'
import { endpoints } from './endpoints.ts'

/** For the presence and typing client. */
export const presenceClient = Router()

const declared = <Name extends keyof typeof endpoints>(name: Name) => [name, endpoints[name]] as const
const success = <Data>(data: Data) => ({ success: true as const, data })

/** Whoever shares no conversation with the caller is left out. */
mount(presenceClient, ...declared('GET /api/v1/presence/users'), {}, async ({ user, query }) =>
  success(await presencesOf(user.id, query.ids)),
)

mount(presenceClient, ...declared('GET /api/v1/presence/users/:id'), {}, async ({ user, params }) =>
  success(await presenceOf(user.id, params.id)),
)

mount(
  presenceClient,
  ...declared('PATCH /api/v1/users/me/settings'),
  { limit: 'change' },
  async ({ user, body: { show_last_seen } }) => {
    const changed = await changeSettings(user.id, { show_last_seen })
    return success({ show_last_seen: changed.show_last_seen })
  },
)
