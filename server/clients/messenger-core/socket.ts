import { Router } from 'express'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { Live } from '../../live/live.ts'
import { paragraph } from '../../messages/content.ts'
import { editMessage } from '../../messages/edit.ts'
import { markEachRead } from '../../messages/read.ts'
import { sendMessage } from '../../messages/send.ts'
import { mount } from '../../web/endpoint.ts'
import { spend } from '../../web/limits.ts'
import { sockets } from '../../web/sockets.ts'
import { acceptSocket, type Client, parseFrame, type SocketKind } from '../socket.ts'
import { durations } from './durations.ts'
import { endpoints } from './endpoints.ts'
import { ClientFrame, frames } from './frames.ts'
import { frame, protocol, sentAgain } from './protocol.ts'

sockets.push({
  name: 'messenger-core',
  address: '/ws',
  title: 'Messenger Core',
  description: `Messages, both ways. First come those that were not yet delivered. A \`ping\` every 25 s wants a \`pong\`: two
without one close the connection. The same \`client_id\` sent again stores nothing, and is answered with the first message.`,
  security: ['session', 'bearer', 'token'],
  query: endpoints['GET /ws'].query,
  server: frames,
  frame: (event, fields) => z.object({ event: z.literal(event) }).and(fields),
  client: ClientFrame,
})

/** Pings without a pong after which the connection is closed. */
const maxUnanswered = 2

/** The pings of each open socket that were not answered. */
const unanswered = new WeakMap<WebSocket, number>()

const kind: SocketKind = {
  protocol,
  opened(webSocket) {
    unanswered.set(webSocket, 0)
    const timer = setInterval(() => ping(webSocket), durations.ping)
    webSocket.on('close', () => clearInterval(timer))
  },
  async receive(received, client) {
    const { user } = client
    const frame = parseFrame(ClientFrame, received)
    if (frame.event === 'pong') return void unanswered.set(client.webSocket, 0)
    switch (frame.event) {
      case 'message':
        client.acts()
        await spend('send', user.id)
        return send(client, frame)
      case 'read':
        client.mustWrite()
        await spend('change', user.id)
        return markEachRead(user.id, frame.message_ids)
      case 'edit_message':
        client.acts()
        await spend('change', user.id)
        await editMessage(user.id, frame.message_id, paragraph(frame.content))
    }
  },
  refuse: ({ code, message }) => ({ event: 'error', code, detail: message }),
}

function ping(webSocket: WebSocket): void {
  const count = unanswered.get(webSocket)!
  if (count >= maxUnanswered) return webSocket.terminate()
  unanswered.set(webSocket, count + 1)
  webSocket.send(frame('ping'))
}

interface Sent {
  chat_id: number
  content: string
  client_id?: string | null | undefined
}

/** The sender, too, is told of a message when it is published; of one sent again, only here. */
async function send({ user, webSocket }: Client, { chat_id, content, client_id }: Sent): Promise<void> {
  const { message, isNew } = await sendMessage(user, chat_id, {
    content: paragraph(content),
    client_id: client_id ?? undefined,
  })
  if (!isNew) webSocket.send(await sentAgain(message))
}

/** Messages, both ways, for clients of Messenger Core. */
export function messengerCoreSocket(live: Live): Router {
  const router = Router()
  mount(router, 'GET /ws', endpoints['GET /ws'], { limit: 'stream', streams: true }, (call) =>
    acceptSocket(live, kind, call),
  )
  return router
}
