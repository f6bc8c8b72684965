import { log, logFalls } from './log.ts'

interface Closable {
  close(): Promise<void>
}

/** Exit code of a process that closed because the database was restored from a backup while it ran. */
export const exitRestored = 75

/**
 * Runs a forked process: reports to the supervisor when it is ready, or why it cannot be, and closes on request.
 * @param start gets a function that makes the process exit by itself, to be replaced
 */
export async function runForked(start: (leave: (code: number) => void) => Promise<Closable>): Promise<void> {
  logFalls()
  // Ctrl+C in a terminal reaches every process at once; the supervisor decides the order of closing.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  // Exits when the supervisor is killed, so that its successor finds ports and locks free.
  process.on('disconnect', () => process.exit())
  const leave = async (code: number) => {
    await (await starting).close()
    process.exit(code)
  }
  const starting = start(leave)
  // Registered first: a process may be asked to close while it is still starting.
  process.on('message', (message) => message === 'close' && void leave(0))
  try {
    await starting
    process.send?.('ready')
  } catch (error) {
    log.debug({ err: error }, 'the process could not start')
    process.send?.({ failed: (error as Error).message }, () => process.exit(1))
  }
}
