import { log } from './log.ts'
import { startWorker } from './worker.ts'

/** One forked worker: tells the supervisor when it is ready, or why it cannot be, and closes when told to. */
export async function run(): Promise<void> {
  // A terminal's Ctrl+C reaches every process at once; the supervisor decides who closes when.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  const starting = startWorker()
  // From the first moment on: a worker may be told to close while it is still starting.
  process.on('message', async (message) => {
    if (message !== 'close') return
    await (await starting).close()
    process.exit(0)
  })
  try {
    await starting
    process.send?.('ready')
  } catch (error) {
    log.debug({ err: error }, 'the worker cannot start')
    process.send?.({ failed: (error as Error).message }, () => process.exit(1))
  }
}
