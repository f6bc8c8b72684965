import { Router } from 'express'
import type { WebSocket } from 'ws'
import type { Live } from '../../live/live.ts'
import { paragraph } from '../../messages/content.ts'
import { editMessage } from '../../messages/edit.ts'
import { markEachRead } from '../../messages/read.ts'
import { sendMessage } from '../../messages/send.ts'
import { mount } from '../../web/endpoint.ts'
import { spend } from '../../web/limits.ts'
import { acceptSocket, type Client, parseFrame, type SocketKind, SocketQuery } from '../socket.ts'
import { durations } from './durations.ts'
import { ClientFrame } from './frames.ts'
import { frame, newMessage, protocol } from './protocol.ts'

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
    switch (frame.event) {
      case 'message':
        await spend('send', user.id)
        return send(client, frame)
      case 'read':
        return markEachRead(user.id, frame.message_ids)
      case 'edit_message':
        await spend('change', user.id)
        return void (await editMessage(user.id, frame.message_id, paragraph(frame.content)))
      case 'pong':
        unanswered.set(client.webSocket, 0)
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
  if (!isNew) webSocket.send(newMessage(message))
}

/** Messages, both ways, for clients of Messenger Core. */
export function messengerCoreSocket(live: Live): Router {
  const router = Router()
  mount(router, 'GET /ws', { query: SocketQuery }, { limit: 'stream', streams: true }, (call) =>
    acceptSocket(live, kind, call),
  )
  return router
}
