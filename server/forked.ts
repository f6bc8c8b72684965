import { log, logFalls } from './log.ts'

interface Closable {
  close(): Promise<void>
}

/** Exit code of a process that has closed because the database was restored from a backup under it. */
export const exitRestored = 75

/**
 * A forked process: says to the supervisor when it is ready, or why it cannot be, and closes when asked to.
 * @param start is given what makes the process leave by itself, for another to take its place
 */
export async function runForked(start: (leave: (code: number) => void) => Promise<Closable>): Promise<void> {
  logFalls()
  // A terminal's Ctrl+C reaches every process at once; the supervisor decides who closes when.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  // A supervisor that was killed replaces nobody: its successor finds ports and locks free.
  process.on('disconnect', () => process.exit())
  const leave = async (code: number) => {
    await (await starting).close()
    process.exit(code)
  }
  const starting = start(leave)
  // From the first moment on: a process may be asked to close while it is still starting.
  process.on('message', (message) => message === 'close' && void leave(0))
  try {
    await starting
    process.send?.('ready')
  } catch (error) {
    log.debug({ err: error }, 'the process cannot start')
    process.send?.({ failed: (error as Error).message }, () => process.exit(1))
  }
}
