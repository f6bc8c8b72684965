import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from './client.ts'
import type { Healing } from './healing.ts'
import type { Random } from './random.ts'
import type { Reader } from './reader.ts'
import type { FragileRedis, Rig } from './rig.ts'
import type { Kind, Planned } from './schedule.ts'
import type { Tally } from './tally.ts'

export interface Breaking {
  rig: Rig
  readers: Reader[]
  clients: Client[]
  random: Random
  healing: Healing
  tally: Tally
  /** Is told what is done, for whoever watches. */
  say(what: string): void
}

/** Breaks things as planned; resolves when the last is whole again, and at `signal` as soon as that is so. */
export async function breakThings(planned: Planned[], means: Breaking, signal: AbortSignal): Promise<void> {
  const began = Date.now()
  const running: Promise<void>[] = []
  for (const fault of planned) {
    await sleep(Math.max(0, fault.at - (Date.now() - began)), undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    running.push(breakOne(fault, means))
  }
  await Promise.all(running)
}

async function breakOne(fault: Planned, means: Breaking): Promise<void> {
  if (!(await faults[fault.kind](means, fault))) return
  means.tally.count('faults', fault.kind)
  means.say(fault.kind)
  means.healing.begin()
}

/** @returns whether there was anything to break */
type Fault = (means: Breaking, planned: Planned) => Promise<boolean>

const faults: Record<Kind, Fault> = {
  async 'kill a worker'({ rig, random }) {
    const workers = await rig.service.workers()
    return workers.length > 0 && kill([random.pick(workers)])
  },
  'kill all workers': async ({ rig }) => kill(await rig.service.workers()),
  async 'cut sockets'({ readers, clients, random }, { share }) {
    for (const reader of readers) if (random.chance(share)) reader.cut()
    for (const client of clients) if (random.chance(share)) client.cut()
    return true
  },
  'end database connections': async ({ rig }, { share }) => {
    const ended = await rig.endConnections(share).catch(() => 0)
    return ended > 0
  },
  'freeze Redis': ({ rig }, { lasts }) =>
    alone(rig.redis!, async (redis) => {
      redis.freeze()
      await sleep(lasts)
      redis.thaw()
    }),
  'kill Redis': ({ rig }, { lasts }) =>
    alone(rig.redis!, async (redis) => {
      await redis.kill()
      await sleep(lasts)
      await redis.startAgain()
    }),
  'restart PostgreSQL': async ({ rig }) => {
    await rig.crashPostgres()
    return true
  },
}

function kill(pids: number[]): boolean {
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  return pids.length > 0
}

const broken = new WeakSet<FragileRedis>()

/** What is broken already cannot be broken again. */
async function alone(redis: FragileRedis, fault: (redis: FragileRedis) => Promise<void>): Promise<boolean> {
  if (broken.has(redis)) return false
  broken.add(redis)
  await fault(redis).finally(() => broken.delete(redis))
  return true
}
