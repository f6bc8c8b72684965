import { runForked } from './forked.ts'
import { startWorker } from './worker.ts'

/** One forked worker. */
export const run = (): Promise<void> => runForked(startWorker)
