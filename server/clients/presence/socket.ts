import { Router } from 'express'
import type { Live } from '../../live/live.ts'
import { setTyping } from '../../typing/typing.ts'
import { mount } from '../../web/endpoint.ts'
import { spend } from '../../web/limits.ts'
import { acceptSocket, parseFrame, type SocketKind, SocketQuery } from '../socket.ts'
import { durations } from './durations.ts'
import { ClientFrame } from './frames.ts'
import { protocol } from './protocol.ts'

const isTyping = (frame: ClientFrame): boolean =>
  frame.type === 'message.typing' ? frame.data.is_typing : frame.type === 'typing_start'

const kind: SocketKind = {
  protocol,
  async receive(received, { user }) {
    const frame = parseFrame(ClientFrame, received)
    await spend('typing', user.id)
    await setTyping(user, frame.data.conversation_id, isTyping(frame), durations.typing)
  },
  refuse: ({ code, message }) => ({ type: 'error', data: { code, detail: message } }),
}

/** Who is here and who types, for clients that know presence and typing alone. */
export function presenceSocket(live: Live): Router {
  const router = Router()
  mount(router, 'GET /api/v1/realtime', { query: SocketQuery }, { limit: 'stream', streams: true }, (call) =>
    acceptSocket(live, kind, call),
  )
  return router
}
