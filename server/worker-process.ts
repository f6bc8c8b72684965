import { exitRestored, runForked } from './forked.ts'
import { bus } from './live/bus.ts'
import { takeTold } from './live/forked-bus.ts'
import { startWorker } from './worker.ts'

/** One forked worker. */
export const run = (): Promise<void> =>
  runForked(async (leave) => {
    const worker = await startWorker(() => leave(exitRestored))
    takeTold((userIds, envelope) => bus.publish(userIds, envelope))
    return worker
  })
