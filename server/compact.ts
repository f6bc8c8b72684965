import { Session } from 'node:inspector/promises'
import { flushCompileCache } from 'node:module'
import { log } from './log.ts'

/**
 * Keeps what was compiled for the next start, for a killed process could not, and gives back to the system what this one
 * has left behind. It blocks for a tenth of a second or two, and nothing else would do so in a process at rest, which
 * allocates too little.
 */
export async function compactMemory(): Promise<void> {
  flushCompileCache()
  const session = new Session()
  session.connect()
  await session
    .post('HeapProfiler.collectGarbage')
    .catch((err) => log.debug({ err }, 'no garbage collection'))
  session.disconnect()
}
