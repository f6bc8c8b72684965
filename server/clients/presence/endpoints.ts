import { z } from 'zod'
import type { Declaration } from '../../contract/endpoints.ts'
import { ById } from '../../contract/fields.ts'
import { Presence, PresenceQuery } from '../../contract/presence.ts'
import { SocketQuery } from '../../web/sockets.ts'

const success = <Data extends z.ZodType>(data: Data) => ({
  answer: z.object({ success: z.literal(true), data }),
})

const Settings = z.object({ show_last_seen: z.boolean() })

/** Every endpoint for the presence and typing client, by method and path. Errors are `{detail}`. */
export const endpoints = {
  'GET /api/v1/presence/users': { query: PresenceQuery, ...success(z.array(Presence)) },
  'GET /api/v1/presence/users/:id': { params: ById, ...success(Presence) },
  'PATCH /api/v1/users/me/settings': { scope: 'account', body: Settings, ...success(Settings) },
  'GET /api/v1/realtime': { query: SocketQuery },
} satisfies Record<string, Declaration>
