import pino from 'pino'
import { config } from './config.ts'

/** Lines of JSON on standard output. Bodies, passwords and cookies are never logged. */
export const log = pino({ level: config.logLevel, base: { pid: process.pid } })
