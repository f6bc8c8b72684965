import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Answer, Task } from './task.ts'

interface Limits {
  /** Of a core's time, for one image. */
  maxCpuMs: number
  /** Of anybody's time, where the system does not say how much of a core's it has had. */
  maxMs: number
  maxBytes: number
  /** With nothing to do. */
  maxIdleMs: number
  maxIdleBytes: number
}

/** What the largest image that is taken needs, and half as much again. */
const standard: Limits = {
  maxCpuMs: 30_000,
  maxMs: 180_000,
  maxBytes: 1.25 * 1024 ** 3,
  maxIdleMs: 30_000,
  maxIdleBytes: 256 * 1024 ** 2,
}

/** As Linux counts in /proc, whatever the machine. */
const [tickMs, pageBytes] = [10, 4096]

/** Those with nothing to do, and when they are ended. */
const idle = new Map<ChildProcess, NodeJS.Timeout>()

/** A decoder ended before it answered. */
export class Fallen extends Error {
  /** Whether because of what it took, in time or memory. */
  readonly tookTooMuch: boolean

  constructor(tookTooMuch: boolean, how: string) {
    super(`a decoder ended with ${how}`)
    this.tookTooMuch = tookTooMuch
  }
}

/**
 * Has it done by a process of its own: what a stranger's picture takes, breaks or gets hold of there is not ours. As
 * many run as are asked at once.
 * @throws Fallen
 */
export async function inDecoder(task: Task, limits: Partial<Limits> = {}): Promise<Answer> {
  const all = { ...standard, ...limits }
  const decoder = take()
  const stopWatching = watch(decoder, all)
  try {
    const answer = await ask(decoder, task)
    await rest(decoder, all)
    return answer
  } finally {
    stopWatching()
  }
}

function take(): ChildProcess {
  const [found] = idle
  if (!found) return start()
  const [decoder, timer] = found
  clearTimeout(timer)
  idle.delete(decoder)
  return decoder
}

function start(): ChildProcess {
  const decoder = fork(join(import.meta.dirname, 'decoder/main.ts'), {
    // It knows no secrets. With many arenas the allocator would not give back what large pictures took.
    env: { MALLOC_ARENA_MAX: '2' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  decoder.once('exit', () => {
    clearTimeout(idle.get(decoder))
    idle.delete(decoder)
  })
  // Heard where it is asked; without anybody who hears it, an error ends the process.
  decoder.on('error', () => {})
  return decoder
}

async function ask(decoder: ChildProcess, task: Task): Promise<Answer> {
  const answered = new AbortController()
  const { signal } = answered
  try {
    decoder.send(task, () => {})
    const exit = once(decoder, 'exit', { signal }).then(([code, killer]) => {
      throw new Fallen(decoder.killed || killer === 'SIGKILL', killer ?? code)
    })
    const [answer] = await Promise.race([once(decoder, 'message', { signal }), exit])
    return answer
  } finally {
    answered.abort()
  }
}

/** Ends it when it takes too long or too much. @returns to be called when it has answered */
function watch(decoder: ChildProcess, { maxCpuMs, maxMs, maxBytes }: Limits): () => void {
  const end = () => decoder.kill('SIGKILL')
  const before = used(decoder.pid)
  const timer = setTimeout(end, maxMs)
  const look = setInterval(async () => {
    const [{ cpuMs }, now] = await Promise.all([before, used(decoder.pid)])
    if (now.cpuMs - cpuMs > maxCpuMs || now.bytes > maxBytes) end()
  }, 100)
  return () => {
    clearTimeout(timer)
    clearInterval(look)
  }
}

/** What a process has had; nothing where the system does not say it as Linux does. proc(5): utime, stime, rss */
async function used(pid: number | undefined): Promise<{ cpuMs: number; bytes: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  return { cpuMs: (fields[11]! + fields[12]!) * tickMs || 0, bytes: fields[21]! * pageBytes || 0 }
}

/** Nobody waits for it: it must not keep this process alive, nor hold what a large image took. */
async function rest(decoder: ChildProcess, { maxIdleMs, maxIdleBytes }: Limits): Promise<void> {
  const end = () => decoder.kill('SIGKILL')
  if ((await used(decoder.pid)).bytes > maxIdleBytes) return void end()
  decoder.unref()
  decoder.channel?.unref()
  idle.set(decoder, setTimeout(end, maxIdleMs).unref())
}
