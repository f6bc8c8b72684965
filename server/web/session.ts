import { createHmac } from 'node:crypto'
import { promisify } from 'node:util'
import type { Request, RequestHandler, Response } from 'express'
import session from 'express-session'
import { config } from '../config.ts'
import type { OwnUser } from '../contract/users.ts'
import { batched } from '../db/batch.ts'
import { type Connection, sql } from '../db/client.ts'
import { log } from '../log.ts'
import { PostgresStore } from './postgres-store.ts'
import { forbidden, invalidToken } from './problem.ts'
import { isEqual } from './signer.ts'

declare module 'express-session' {
  interface SessionData {
    userId: number
    /** See accounts/standing.ts; sessions of older versions have none. */
    passwordMark?: string
    /** When the session was last prolonged, in ms since 1970. */
    prolongedAt: number
  }
}
declare global {
  namespace Express {
    interface Request {
      /** The signed-in user; set by accounts/identify. */
      user?: OwnUser
      /** What its bearer token may do; `refused` when it has one that is not valid. Without a token the cookie counts. */
      bearer?: ReadonlySet<string> | 'refused'
    }
  }
}

const day = 24 * 60 * 60 * 1000
export const sessionLifetimeMs = 30 * day
/** Without TLS a browser takes neither `Secure` nor the `__Host-` prefix. */
const secure = new URL(config.baseUrl).protocol === 'https:'

export const cookieName = secure ? '__Host-rozmowa' : 'rozmowa'
export const cookieOptions = { httpOnly: true, sameSite: 'lax', secure, path: '/' } as const
let isSaid = false

/**
 * A `Secure` cookie is set over TLS only, which a proxy in front has to confirm; without it, users who sign in would be
 * guests again on the next page. A program that has a token is given no cookie besides.
 * @throws Problem 401, 403
 */
export function mustTakeCookie(req: Request): void {
  if (req.bearer === 'refused') throw invalidToken()
  if (req.bearer) throw forbidden('Whoever has a token needs no cookie: leave it out to sign in.')
  if (!secure || req.secure) return
  const why = 'BASE_URL begins with https, but the proxy does not say X-Forwarded-Proto: https'
  if (!isSaid)
    log.error({ TRUSTED_PROXIES: config.trustedProxies }, `no one can sign in: ${why}, or is not trusted`)
  isSaid = true
  throw forbidden(`${why}. Please inform the administrator of this service.`, 'insecure_proxy')
}

/** The cookie of the session as it was sent, signed by express-session. */
const cookieOf = (req: Request) =>
  req.get('cookie')?.match(new RegExp(`(?:^|;\\s*)${cookieName}=([^;]+)`))?.[1]

/** The id of the session that a request names, if we signed it. */
export function sessionIdOf(req: Request): string | undefined {
  const [, id, signature] = cookieOf(req)?.match(/^s(?::|%3A)([\w-]+)\.([\w+/%-]+)$/i) ?? []
  return id && isSigned(id, signature!) ? id : undefined
}

function isSigned(id: string, signature: string): boolean {
  const given = Buffer.from(signature.replace(/%2B/gi, '+').replace(/%2F/gi, '/'), 'base64')
  return config.sessionKeys.some((key) => isEqual(given, signatureOf(id, key)))
}

const signatureOf = (id: string, key: string) => createHmac('sha256', key).update(id).digest()

/** A cookie's value as express-session writes it, by the key that signs now. */
function signedCookie(id: string): string {
  const signature = signatureOf(id, config.sessionKeys[0]!).toString('base64').replace(/=+$/, '')
  return encodeURIComponent(`s:${id}.${signature}`)
}

/** Whether a session is still there. */
export const isKept = batched<string, boolean>({
  async ask(ids) {
    const kept = await sql<{ sid: string }[]>`
      select kept.sid from unnest(${ids}::text[]) as asked (sid)
      -- Looked up by its index, however few rows there were when this was planned.
      cross join lateral (select s.sid from sessions s where s.sid = asked.sid and s.expire > now() offset 0) kept`
    const found = new Set(kept.map(({ sid }) => sid))
    return ids.map((id) => found.has(id))
  },
})

let middleware: RequestHandler | undefined

/** Lets a request begin or end its session: `req.session` is there from now on. Reading one needs less. */
export async function loadSession(req: Request): Promise<void> {
  middleware ??= session({
    name: cookieName,
    secret: [...config.sessionKeys],
    store: new PostgresStore(),
    resave: false,
    saveUninitialized: false,
    cookie: { ...cookieOptions, maxAge: sessionLifetimeMs },
  })
  await promisify(middleware)(req, req.res!)
}

/**
 * A session in use is prolonged once a day: storing it at every request would cost each a write. Its cookie is signed
 * anew, so that an older key is soon in use no more.
 */
export async function prolongSession(req: Request, res: Response, prolongedAt: number): Promise<void> {
  if (Date.now() - prolongedAt <= day) return
  const expires = await keepSession(req.sessionID)
  res.cookie(cookieName, signedCookie(req.sessionID), { ...cookieOptions, expires, encode: String })
}

/**
 * Lets a session last for its whole time again. It is updated in place and not saved: saving would bring back a session
 * that was signed out meanwhile.
 * @returns when it expires
 */
export async function keepSession(sid: string, db: Connection = sql): Promise<Date> {
  const expires = new Date(Date.now() + sessionLifetimeMs)
  await db`
    update sessions set expire = ${expires}, sess = jsonb_set(
      jsonb_set(sess::jsonb, '{prolongedAt}', to_jsonb(${Date.now()}::bigint)),
      '{cookie,expires}', to_jsonb(${expires.toISOString()}::text))::json
    where sid = ${sid} and expire > now()`
  return expires
}
