import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Answer, Task } from './task.ts'

interface Limits {
  /** CPU time for one image. */
  maxCpuMs: number
  /** Wall-clock time for one image, where the system does not report CPU time. */
  maxMs: number
  maxBytes: number
  /** How long an idle decoder is kept. */
  maxIdleMs: number
  maxIdleBytes: number
}

/** 1.5 times what the largest accepted image needs. */
const standard: Limits = {
  maxCpuMs: 30_000,
  maxMs: 180_000,
  maxBytes: 1.25 * 1024 ** 3,
  maxIdleMs: 30_000,
  maxIdleBytes: 256 * 1024 ** 2,
}

/** The units of /proc on Linux. */
const [tickMs, pageBytes] = [10, 4096]

/** Idle decoders, with the timers that end them. */
const idle = new Map<ChildProcess, NodeJS.Timeout>()

/** A decoder ended before it answered. */
export class DecoderDied extends Error {
  /** Whether it was killed for its use of time or memory. */
  readonly tookTooMuch: boolean

  constructor(tookTooMuch: boolean, how: string) {
    super(`a decoder ended with ${how}`)
    this.tookTooMuch = tookTooMuch
  }
}

/**
 * Runs a task in a process of its own, so that a hostile image can neither exhaust, crash nor compromise the worker.
 * There are as many decoders as concurrent calls.
 * @throws DecoderDied
 */
export async function inDecoder(task: Task, limits: Partial<Limits> = {}): Promise<Answer> {
  const all = { ...standard, ...limits }
  const decoder = take()
  const stopWatching = watch(decoder, all)
  try {
    const answer = await ask(decoder, task)
    await makeIdle(decoder, all)
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
    // No secrets in the environment. With many arenas the allocator would not return the memory of large images.
    env: { MALLOC_ARENA_MAX: '2' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  decoder.once('exit', () => {
    clearTimeout(idle.get(decoder))
    idle.delete(decoder)
  })
  // Handled in ask(); without any listener an error would end this process.
  decoder.on('error', () => {})
  return decoder
}

async function ask(decoder: ChildProcess, task: Task): Promise<Answer> {
  const answered = new AbortController()
  const { signal } = answered
  try {
    decoder.send(task, () => {})
    const exit = once(decoder, 'exit', { signal }).then(([code, killer]) => {
      throw new DecoderDied(decoder.killed || killer === 'SIGKILL', killer ?? code)
    })
    const [answer] = await Promise.race([once(decoder, 'message', { signal }), exit])
    return answer
  } finally {
    answered.abort()
  }
}

/** Kills it when it exceeds its limits. @returns stops watching */
function watch(decoder: ChildProcess, { maxCpuMs, maxMs, maxBytes }: Limits): () => void {
  const end = () => decoder.kill('SIGKILL')
  const before = used(decoder.pid)
  const timer = setTimeout(end, maxMs)
  const sample = setInterval(async () => {
    const [{ cpuMs }, now] = await Promise.all([before, used(decoder.pid)])
    if (now.cpuMs - cpuMs > maxCpuMs || now.bytes > maxBytes) end()
  }, 100)
  return () => {
    clearTimeout(timer)
    clearInterval(sample)
  }
}

/** What a process has used; zeros where there is no /proc of Linux. proc(5): utime, stime, rss */
async function used(pid: number | undefined): Promise<{ cpuMs: number; bytes: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  return { cpuMs: (fields[11]! + fields[12]!) * tickMs || 0, bytes: fields[21]! * pageBytes || 0 }
}

/** An idle decoder must not keep this process alive, nor the memory of a large image. */
async function makeIdle(decoder: ChildProcess, { maxIdleMs, maxIdleBytes }: Limits): Promise<void> {
  const end = () => decoder.kill('SIGKILL')
  if ((await used(decoder.pid)).bytes > maxIdleBytes) return void end()
  decoder.unref()
  decoder.channel?.unref()
  idle.set(decoder, setTimeout(end, maxIdleMs).unref())
}
