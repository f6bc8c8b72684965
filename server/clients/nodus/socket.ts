import { Router } from 'express'
import type { Live } from '../../live/live.ts'
import { mount } from '../../web/endpoint.ts'
import { invalid } from '../../web/problem.ts'
import { acceptSocket, SocketQuery } from '../socket.ts'
import { protocol } from './protocol.ts'

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
  mount(router, 'GET /api/v1/ws', { query: SocketQuery }, { limit: 'stream', streams: true }, (call) =>
    acceptSocket(live, kind, call),
  )
  return router
}
