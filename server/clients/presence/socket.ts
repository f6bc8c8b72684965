import { Router } from 'express'
import { z } from 'zod'
import type { Live } from '../../live/live.ts'
import { setTyping } from '../../typing/typing.ts'
import { mount } from '../../web/endpoint.ts'
import { spend } from '../../web/limits.ts'
import { sockets } from '../../web/sockets.ts'
import { acceptSocket, parseFrame, type SocketKind } from '../socket.ts'
import { durations } from './durations.ts'
import { endpoints } from './endpoints.ts'
import { ClientFrame, frames } from './frames.ts'
import { protocol } from './protocol.ts'

sockets.push({
  name: 'presence',
  address: '/api/v1/realtime',
  title: 'Presence and typing client',
  description:
    'Who of those who share a conversation with the user comes and goes, and who types. It says nothing of before.',
  security: ['session', 'bearer', 'token'],
  query: endpoints['GET /api/v1/realtime'].query,
  server: frames,
  frame: (type, data) => z.object({ type: z.literal(type), data }),
  client: ClientFrame,
})

const isTyping = (frame: ClientFrame): boolean =>
  frame.type === 'message.typing' ? frame.data.is_typing : frame.type === 'typing_start'

const kind: SocketKind = {
  protocol,
  async receive(received, { user, acts }) {
    acts()
    const frame = parseFrame(ClientFrame, received)
    await spend('typing', user.id)
    await setTyping(user, frame.data.conversation_id, isTyping(frame), durations.typing)
  },
  refuse: ({ code, message }) => ({ type: 'error', data: { code, detail: message } }),
}

/** Who is here and who types, for clients that know presence and typing alone. */
export function presenceSocket(live: Live): Router {
  const router = Router()
  mount(
    router,
    'GET /api/v1/realtime',
    endpoints['GET /api/v1/realtime'],
    { limit: 'stream', streams: true },
    (call) => acceptSocket(live, kind, call),
  )
  return router
}
