import { readFileSync } from 'node:fs'

/** The processes in which vitest runs tests for this one. */
export const forksOf = (pid: number): number[] =>
  childrenOf(pid).filter((child) => read(`/proc/${child}/cmdline`).includes('workers/forks.js'))

/** Ends a process and what it has started, however busy they are. */
export function end(pid: number): void {
  const children = childrenOf(pid)
  kill(pid)
  for (const child of children) end(child)
}

const childrenOf = (pid: number): number[] =>
  read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
