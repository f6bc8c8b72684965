import { log } from './log.ts'

interface Closable {
  close(): Promise<void>
}

/** A forked process: tells the supervisor when it is ready, or why it cannot be, and closes when told to. */
export async function runForked(start: () => Promise<Closable>): Promise<void> {
  // A terminal's Ctrl+C reaches every process at once; the supervisor decides who closes when.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  // A supervisor that was killed replaces nobody: its successor finds ports and locks free.
  process.on('disconnect', () => process.exit())
  const starting = start()
  // From the first moment on: a process may be told to close while it is still starting.
  process.on('message', async (message) => {
    if (message !== 'close') return
    await (await starting).close()
    process.exit(0)
  })
  try {
    await starting
    process.send?.('ready')
  } catch (error) {
    log.debug({ err: error }, 'the process cannot start')
    process.send?.({ failed: (error as Error).message }, () => process.exit(1))
  }
}
