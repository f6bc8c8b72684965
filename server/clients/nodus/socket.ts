import { Router } from 'express'
import { z } from 'zod'
import type { Live } from '../../live/live.ts'
import { mount } from '../../web/endpoint.ts'
import { invalid } from '../../web/problem.ts'
import { sockets } from '../../web/sockets.ts'
import { acceptSocket } from '../socket.ts'
import { endpoints } from './endpoints.ts'
import { frames } from './frames.ts'
import { protocol } from './protocol.ts'

sockets.push({
  name: 'nodus',
  address: '/api/v1/ws',
  title: 'NODUS v2',
  description: `What happens in the user's chats. First comes what they missed: of a client that was here before, all changes
since; of a new one, the messages not yet delivered. Sending goes over HTTP.`,
  security: ['session', 'bearer', 'token'],
  query: endpoints['GET /api/v1/ws'].query,
  server: frames,
  frame: (event, data) => z.object({ event: z.literal(event), data }),
})

const kind = {
  protocol,
  async receive() {
    throw invalid('This socket takes no frames: what is sent goes over HTTP.')
  },
  refuse: ({ code, message }: { code: string; message: string }) => ({
    event: 'error',
    data: { code, detail: message },
  }),
}

/** What happens, for clients of NODUS v2. */
export function nodusSocket(live: Live): Router {
  const router = Router()
  mount(router, 'GET /api/v1/ws', endpoints['GET /api/v1/ws'], { limit: 'stream', streams: true }, (call) =>
    acceptSocket(live, kind, call),
  )
  return router
}
