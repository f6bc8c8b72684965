import { readFileSync } from 'node:fs'

/** What Linux says of processes. */
export function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return children ? children.split(' ').map(Number) : []
}

export const parentOf = (pid: number) =>
  Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])

/** CPU seconds of a process and all below it, those that have ended included. */
export function cpuOf(pid: number): number {
  try {
    return childrenOf(pid).reduce((sum, child) => sum + cpuOf(child), ownCpuOf(pid))
  } catch {
    // It has ended meanwhile: its parent has its time.
    return 0
  }
}

function ownCpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  // In user and system mode, itself and those it waited for.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return ticks / 100
}

/** Resident memory in KiB. */
export const memoryOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
