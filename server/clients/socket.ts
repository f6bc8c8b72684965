import type { Request, Response } from 'express'
import type { RawData, WebSocket } from 'ws'
import type { z } from 'zod'
import { findSignedIn } from '../accounts/store.ts'
import { type Context, currentContext, within } from '../context.ts'
import type { OwnUser } from '../contract/users.ts'
import { fingerprint } from '../live/envelope.ts'
import type { Live } from '../live/live.ts'
import type { Protocol } from '../live/protocol.ts'
import { signedOutCode } from '../live/socket-stream.ts'
import { maxUnreadBytes } from '../live/stream.ts'
import { log } from '../log.ts'
import { noteActivity } from '../presence/activity.ts'
import { mustHaveScope } from '../web/endpoint.ts'
import { problemOf } from '../web/errors.ts'
import { spend } from '../web/limits.ts'
import { invalid, type Problem } from '../web/problem.ts'
import { isKept } from '../web/session.ts'
import { webSocketOf } from '../web/upgrade.ts'

/** With so many frames ahead of their handling a client is not read any more; with so many of one reading it is cut. */
const maxWaiting = 32
const maxAtOnce = 500

/** The client at the other end of a socket. */
export interface Client {
  user: OwnUser
  webSocket: WebSocket
  /** @throws Problem 403 when its token may only read */
  mustWrite(): void
  /** The same for what only somebody who is there does. */
  acts(): void
}

/** A kind of client that connects over a WebSocket. */
export interface SocketKind {
  protocol: Protocol
  /** Handles what a client sent, parsed as JSON. @throws Problem, which the client is told */
  receive(frame: unknown, client: Client): Promise<void>
  /** Tells a client that what it sent was refused. */
  refuse(problem: Problem): object
  opened?(webSocket: WebSocket): void
}

/** Accepts a request for a WebSocket of this kind. @throws Problem 400, 426, 503 */
export async function acceptSocket(
  live: Live,
  kind: SocketKind,
  { req, res, user }: { req: Request; res: Response; user: OwnUser },
): Promise<void> {
  const connect = await webSocketOf(req, res)
  const reader = { userId: user.id, sessionId: req.sessionID }
  const connectAndReceive = () => {
    const connected = connect()
    if (connected) readFrames(connected.webSocket, kind, req)
    if (connected) kind.opened?.(connected.webSocket)
    return connected
  }
  await live.openSocket(connectAndReceive, reader, kind.protocol)
  // A sign-out while it was being opened has not reached it.
  if (!(await isKept(reader.sessionId).catch(() => true))) live.hangUp(user.id, fingerprint(reader.sessionId))
}

function readFrames(webSocket: WebSocket, kind: SocketKind, req: Request): void {
  const reader = new FrameReader(webSocket, kind, req)
  webSocket.on('message', (data, isBinary) => reader.queue(data, isBinary))
}

/** Handles what a client sends, one frame after the other, so that messages keep the order in which they were sent. */
class FrameReader {
  readonly #webSocket: WebSocket
  readonly #kind: SocketKind
  readonly #sessionId: string
  readonly #bearer: Request['bearer']
  /** By which request. */
  readonly #opened: Pick<Context, 'requestId' | 'userId'>
  #waiting = 0
  #turn: Promise<void> | undefined

  constructor(webSocket: WebSocket, kind: SocketKind, { sessionID, bearer }: Request) {
    this.#webSocket = webSocket
    this.#kind = kind
    this.#sessionId = sessionID
    this.#bearer = bearer
    const { requestId, userId } = currentContext() ?? {}
    this.#opened = { requestId, userId }
  }

  queue(data: RawData, isBinary: boolean): void {
    if (++this.#waiting > maxAtOnce) return this.#webSocket.terminate()
    if (this.#waiting === maxWaiting) this.#webSocket.pause()
    this.#turn = (this.#turn ?? Promise.resolve()).then(() => this.#handle(data, isBinary))
  }

  async #handle(data: RawData, isBinary: boolean): Promise<void> {
    const webSocket = this.#webSocket
    if (webSocket.readyState === webSocket.OPEN)
      await within(this.#opened, () => this.#receive(data, isBinary).catch((error) => this.#refuse(error)))
    if (--this.#waiting < maxWaiting && webSocket.isPaused) webSocket.resume()
    if (this.#waiting === 0) this.#turn = undefined
  }

  async #receive(data: RawData, isBinary: boolean): Promise<void> {
    const frame = isBinary ? undefined : parse(`${data}`)
    if (frame === undefined) throw invalid('A frame is a text of JSON.')
    const signedIn = await findSignedIn(this.#sessionId)
    if (!signedIn) return this.#webSocket.close(signedOutCode)
    const { user } = signedIn
    await spend('frame', user.id)
    const mustWrite = () => mustHaveScope(this.#bearer, 'write')
    const acts = () => {
      mustWrite()
      noteActivity(user.id)
    }
    await this.#kind.receive(frame, { user, webSocket: this.#webSocket, mustWrite, acts })
  }

  #refuse(error: unknown): void {
    const problem = problemOf(error)
    const { protocol, refuse } = this.#kind
    if (problem.status >= 500) log.error({ err: error, protocol: protocol.name }, problem.code)
    if (this.#webSocket.bufferedAmount > maxUnreadBytes) this.#webSocket.terminate()
    else this.#webSocket.send(JSON.stringify(refuse(problem)))
  }
}

/** @throws Problem 400 */
export function parseFrame<S extends z.ZodType>(schema: S, frame: unknown): z.output<S> {
  const read = schema.safeParse(frame)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw invalid(`The frame is invalid: ${issue!.path.join('.') || 'it'}: ${issue!.message}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
