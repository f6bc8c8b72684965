import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Of the server whose data is in this folder. */
export const postmasterOf = (cluster: string): number =>
  Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])

/** Stops every process of a PostgreSQL where it stands; its connections stay open. @returns to be called to go on */
export function freezePostgres(cluster: string): () => void {
  const pid = postmasterOf(cluster)
  const signal = (name: NodeJS.Signals) => {
    for (const each of [pid, ...childrenOf(pid)]) signalIfThere(each, name)
  }
  signal('SIGSTOP')
  return () => signal('SIGCONT')
}

export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number).filter(Boolean)
  } catch {
    return []
  }
}

/** One whose client has gone may end between two looks. */
export function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {}
}
