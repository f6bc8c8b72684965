import { RedisStore } from 'connect-redis'
import type { Request, RequestHandler } from 'express'
import session, { type Store } from 'express-session'
import type { Redis } from 'ioredis'
import { config } from '../config.ts'
import type { OwnUser } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { log } from '../log.ts'
import { PostgresStore } from './postgres-store.ts'
import { forbidden } from './problem.ts'
import { LayeredStore } from './session-store.ts'

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
    }
  }
}

const day = 24 * 60 * 60 * 1000
const lifetime = 30 * day
/** Without TLS a browser takes neither `Secure` nor the `__Host-` prefix. */
const secure = new URL(config.baseUrl).protocol === 'https:'

export const cookieName = secure ? '__Host-rozmowa' : 'rozmowa'
export const cookieOptions = { httpOnly: true, sameSite: 'lax', secure, path: '/' } as const
/** Forgets the copy in Redis, which is read again from PostgreSQL. */
let forget: ((id: string) => void) | undefined

/** What a session's key begins with in Redis. */
export const sessionPrefix = 'session:'

/** Sessions are read from Redis, and are kept in PostgreSQL, so that they outlive any restart. */
function store(redis: Redis | undefined, durable: Store): Store {
  if (!redis) return durable
  return new LayeredStore(
    new RedisStore({ client: redis, prefix: sessionPrefix, disableTouch: true }),
    durable,
  )
}

let isSaid = false

/**
 * A `Secure` cookie is set over TLS only, which a proxy in front has to confirm; without it, users who sign in would be
 * guests again on the next page.
 * @throws Problem 403
 */
export function mustTakeCookie(req: Request): void {
  if (!secure || req.secure) return
  const why = 'BASE_URL begins with https, but the proxy does not say X-Forwarded-Proto: https'
  if (!isSaid)
    log.error({ TRUSTED_PROXIES: config.trustedProxies }, `no one can sign in: ${why}, or is not trusted`)
  isSaid = true
  throw forbidden(`${why}. Please inform the administrator of this service.`, 'insecure_proxy')
}

export interface Sessions {
  middleware: RequestHandler
}

/** @param redis the connection to read sessions from; without it they are read from PostgreSQL */
export function openSessions(redis: Redis | undefined): Sessions {
  const sessions = store(redis, new PostgresStore())
  forget = redis && ((id) => void redis.del(sessionPrefix + id).catch(() => {}))
  const middleware = session({
    name: cookieName,
    secret: config.sessionSecret!,
    store: sessions,
    resave: false,
    saveUninitialized: false,
    cookie: { ...cookieOptions, maxAge: lifetime },
  })
  return { middleware }
}

/**
 * A session in use is prolonged once a day: storing it at every request would cost each a write. It is updated in place
 * and not saved: saving would bring back a session that was signed out meanwhile.
 */
export const prolongSession: RequestHandler = async (req, res, next) => {
  const { userId, prolongedAt = 0 } = req.session
  if (userId && Date.now() - prolongedAt > day) {
    const expires = new Date(Date.now() + lifetime)
    await sql`
      update sessions set expire = ${expires}, sess = jsonb_set(
        jsonb_set(sess::jsonb, '{prolongedAt}', to_jsonb(${Date.now()}::bigint)),
        '{cookie,expires}', to_jsonb(${expires.toISOString()}::text))::json
      where sid = ${req.sessionID} and expire > now()`
    forget?.(req.sessionID)
    const cookie = req.get('cookie')?.match(new RegExp(`(?:^|; )${cookieName}=([^;]+)`))?.[1]
    if (cookie) res.cookie(cookieName, cookie, { ...cookieOptions, expires, encode: String })
  }
  next()
}
