import { log } from './log.ts'
import { startWorker } from './worker.ts'

/** One forked worker: tells the supervisor when it is ready, and closes when told to. */
export async function run(): Promise<void> {
  // A terminal's Ctrl+C reaches every process at once; the supervisor decides who closes when.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  const worker = await startWorker().catch((error: Error) => {
    log.fatal({ err: error }, `the worker cannot start: ${error.message}`)
    process.exit(1)
  })
  process.on('message', async (message) => {
    if (message !== 'close') return
    await worker.close()
    process.exit(0)
  })
  process.send?.('ready')
}
