import type { Request, RequestHandler, Response } from 'express'
import { currentContext } from '../context.ts'
import type { OwnUser } from '../contract/users.ts'
import { readAccess } from '../tokens/access.ts'
import { prolongSession, sessionIdOf } from '../web/session.ts'
import { isWebSocket } from '../web/upgrade.ts'
import { findSignedIn } from './store.ts'

/**
 * Loads the signed-in user at every request, so that deactivating a user or ending a session takes effect at once. Who
 * brings a bearer token is known by that alone, whatever their cookie says.
 */
export const identify: RequestHandler = async (req, res, next) => {
  const token = bearerOf(req.headers.authorization) ?? tokenOf(req)
  if (token === undefined) await identifyByCookie(req, res)
  else await identifyByToken(req, token)
  noteUser(req)
  next()
}

/** For the lines that are logged from now on. */
function noteUser({ user }: Request): void {
  const context = currentContext()
  if (context && user) context.userId = user.id
}

async function identifyByCookie(req: Request, res: Response): Promise<void> {
  const id = sessionIdOf(req)
  const found = id && (await findSignedIn(id))
  if (!found) return
  req.sessionID = id
  req.user = found.user
  await prolongSession(req, res, found.prolongedAt)
}

async function identifyByToken(req: Request, token: string): Promise<void> {
  const found = await findBearer(token)
  req.bearer = found?.scopes ?? 'refused'
  if (!found) return
  req.sessionID = found.sessionId
  req.user = found.user
}

/** The token of an `Authorization` header; undefined when it is of another kind, such as a proxy's. */
const bearerOf = (authorization: string | undefined): string | undefined =>
  /^bearer(?:$|\s+)(.*)$/i.exec(authorization ?? '')?.[1]

/** Of a WebSocket, which a browser cannot open with a header. */
const tokenOf = (req: Request): string | undefined =>
  isWebSocket(req) && typeof req.query.token === 'string' ? req.query.token : undefined

interface Bearer {
  user: OwnUser
  sessionId: string
  scopes: ReadonlySet<string>
}

/** Whom an access token stands for, as long as its session does. */
async function findBearer(token: string): Promise<Bearer | undefined> {
  const access = await readAccess(token)
  const found = access && (await findSignedIn(access.sessionId))
  if (!access || found?.user.id !== access.userId) return undefined
  return { user: found.user, sessionId: access.sessionId, scopes: access.scopes }
}
