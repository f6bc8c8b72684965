import { fork } from 'node:child_process'
import { join } from 'node:path'

export interface Options {
  /** Whether Rozmowa creates users, not only the portal. */
  mayRegister?: boolean
  /** Aborts the migration. */
  signal?: AbortSignal
}

export type Outcome = 'done' | { failed: string }

/**
 * Brings the database up to date, in a process that ends: what it needs would stay in the memory of whoever asks. Many
 * processes may call this at once: they wait for each other, and those who come later find nothing to do.
 * @throws Error with a line for each reason why it cannot be done; then nothing is changed
 */
export async function migrate(url: string, { signal, mayRegister }: Options = {}): Promise<void> {
  const child = fork(join(import.meta.dirname, 'migrate-process.ts'), { signal, killSignal: 'SIGKILL' })
  // An abort is also reported by the exit.
  child.on('error', () => {})
  let outcome: Outcome | undefined
  child.on('message', (said: Outcome) => {
    outcome = said
  })
  // Not as an argument, which every user of the machine can read.
  child.send({ url, mayRegister })
  await new Promise((resolve) => child.on('exit', resolve))
  if (outcome === 'done') return
  throw new Error(outcome?.failed ?? 'The process that brings the database up to date was ended.')
}
