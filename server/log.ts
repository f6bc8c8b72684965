import pino from 'pino'
import { config } from './config.ts'

/** What errors of Redis carry along: what it was told, which may be a password or a session. */
const secret = new Set(['args', 'previousErrors', 'lastNodeError'])

/** An error without what must not be written down; itself it stays whole. */
function redacted(value: unknown, around: unknown[] = []): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (around.includes(value) || around.length > 5) return undefined
  const inside = [...around, value]
  if (Array.isArray(value)) return value.map((each) => redacted(each, inside))
  const told = value instanceof Error ? pino.stdSerializers.err(value) : value
  const kept = Object.entries(told).filter(([name]) => !secret.has(name))
  return Object.fromEntries(kept.map(([name, each]) => [name, redacted(each, inside)]))
}

export const serializers = { err: (error: unknown) => redacted(error) }

/** Lines of JSON on standard output. Bodies, passwords and cookies are never logged. */
export const log = pino({ level: config.logLevel, base: { pid: process.pid }, serializers })
