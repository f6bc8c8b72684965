import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Options {
  /** Users are made by Rozmowa, and not by the portal alone. */
  mayRegister?: boolean
}

export type Outcome = 'done' | { failed: string }

/**
 * Brings the database up to date, in a process that ends: what it needs would stay in the memory of whoever asks. Many
 * processes may call this at once: they wait for each other, and those who come later find nothing to do.
 * @throws Error with a line for each reason why it cannot be done; then nothing is changed
 */
export async function migrate(url: string, options: Options = {}): Promise<void> {
  const child = fork(join(import.meta.dirname, 'migrate-process.ts'))
  // Not as an argument, which every user of the machine can read.
  child.send({ url, options })
  const [outcome] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [Outcome | number]
  if (outcome === 'done') return
  if (typeof outcome !== 'object' || outcome === null)
    throw new Error('The process that brings the database up to date was ended.')
  throw new Error(outcome.failed)
}
