import connectPgSimple from 'connect-pg-simple'
import { RedisStore } from 'connect-redis'
import type { RequestHandler } from 'express'
import session, { type Store } from 'express-session'
import type { Redis } from 'ioredis'
import { config } from '../config.ts'
import type { OwnUser } from '../live/events.ts'
import { log } from '../log.ts'
import { LayeredStore } from './session-store.ts'

declare module 'express-session' {
  interface SessionData {
    userId: number
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

const errorLog = (...about: unknown[]) => log.warn({ err: about.at(-1) }, 'the store of sessions')

const day = 24 * 60 * 60 * 1000
const lifetime = 30 * day
/** Without TLS a browser takes neither `Secure` nor the `__Host-` prefix. */
const secure = config.baseUrl.startsWith('https:')

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

function postgresStore() {
  const PostgresStore = connectPgSimple(session)
  return new PostgresStore({
    conString: config.databaseUrl!,
    tableName: 'sessions',
    disableTouch: true,
    errorLog,
  })
}

export interface Sessions {
  middleware: RequestHandler
  close(): void
}

/** @param redis the connection to read sessions from; without it they are read from PostgreSQL */
export function openSessions(redis: Redis | undefined): Sessions {
  const durable = postgresStore()
  const sessions = store(redis, durable)
  const middleware = session({
    name: secure ? '__Host-rozmowa' : 'rozmowa',
    secret: config.sessionSecret!,
    store: sessions,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: lifetime },
  })
  return { middleware, close: () => durable.close() }
}

/** A session in use is prolonged once a day: storing it at every request would cost each a write. */
export const prolongSession: RequestHandler = (req, _res, next) => {
  if (req.session.userId && Date.now() - (req.session.prolongedAt ?? 0) > day)
    req.session.prolongedAt = Date.now()
  next()
}
