import { compactMemory } from './compact.ts'
import { exitRestored, runForked } from './forked.ts'
import { receivePublications } from './live/forked-bus.ts'
import { tellMeasures } from './metrics/all.ts'
import { processes } from './metrics/measures.ts'
import { answerPresence } from './presence/asked.ts'
import { startWorker } from './worker.ts'

/** One forked worker. */
export const run = (): Promise<void> =>
  runForked(async (leave) => {
    const worker = await startWorker(() => leave(exitRestored))
    receivePublications(worker.live)
    answerPresence()
    processes.read = () => ({ worker: 1 })
    tellMeasures()
    await compactMemory()
    return worker
  })
