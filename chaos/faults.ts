import { setTimeout as sleep } from 'node:timers/promises'
import type { TransactionSql } from 'postgres'
import { type Backup, backUp } from '../server/testing/backup.ts'
import type { Client } from './client.ts'
import type { Healing } from './healing.ts'
import { insist } from './insist.ts'
import type { Random } from './random.ts'
import type { Reader } from './reader.ts'
import type { Installation, Rig } from './rig.ts'
import type { Kind, Planned } from './schedule.ts'
import type { Tally } from './tally.ts'

export interface Breaking {
  rig: Rig
  readers: Reader[]
  clients: Client[]
  random: Random
  healing: Healing
  tally: Tally
  /** Called with what is being done. */
  say(what: string): void
}

/** Injects the planned faults; resolves when the last one is over, or, after `signal`, as soon as all are. */
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
  async 'killed-worker'({ rig, random }) {
    const workers = await workersOf(rig)
    return workers.length > 0 && signal([random.pick(workers)], 'SIGKILL')
  },
  'killed-workers': async ({ rig }) => signal(await workersOf(rig), 'SIGKILL'),
  async 'skewed-clock'({ rig, random }) {
    const workers = await workersOf(rig)
    return workers.length > 0 && signal([random.pick(workers)], 'SIGUSR2')
  },
  async 'cut-sockets'({ readers, clients, random }, { share }) {
    for (const reader of readers) if (random.chance(share)) reader.cut()
    for (const client of clients) if (random.chance(share)) client.cut()
    return true
  },
  'cut-connections': async ({ rig }, { share }) => {
    const ended = await rig.postgres.endConnections(share).catch(() => 0)
    return ended > 0
  },
  'frozen-redis': ({ rig: { redis } }, planned) =>
    alone(redis!, planned, async () => {
      await redis!.freeze()
      await sleep(planned.lasts)
      await redis!.thaw()
    }),
  'killed-redis': ({ rig: { redis } }, planned) =>
    alone(redis!, planned, async () => {
      await redis!.kill()
      await sleep(planned.lasts)
      await redis!.startAgain()
    }),
  'frozen-postgres': ({ rig: { postgres } }, planned) =>
    alone(postgres, planned, async () => {
      postgres.freeze()
      await sleep(planned.lasts)
      postgres.thaw()
    }),
  'read-only-postgres': ({ rig: { postgres } }, planned) =>
    alone(postgres, planned, async () => {
      await insist(() => postgres.setReadOnly(true))
      await sleep(planned.lasts)
      await insist(() => postgres.setReadOnly(false))
    }),
  // Until it is back: what is not there can be neither frozen nor killed.
  'crashed-postgres': ({ rig: { postgres } }, planned) =>
    alone(postgres, planned, async () => {
      await postgres.crash()
      await insist(() => postgres.sql`select 1`)
    }),
  'failed-over-postgres': ({ rig: { postgres } }, planned) =>
    alone(postgres, planned, () => postgres.failOver!(planned.lasts)),
  'restored-postgres': async ({ rig, random, tally }, { lasts }) => {
    const installation = random.pick(rig.installations)
    const backup = await insist(() => backUp(installation.sql()))
    // Much is sent meanwhile.
    await sleep(3 * lasts)
    await insist(() => restore(rig, installation, backup, tally))
    return true
  },
  // Meanwhile nothing that uses the disk is broken: a Redis killed then would never come back.
  'full-disk': ({ rig: { disk, postgres, redis } }, planned) =>
    alone(postgres, planned, async () => {
      const empty = async () => {
        const clear = await disk!.fill()
        await sleep(planned.lasts)
        await clear()
      }
      if (!redis) await empty()
      else await alone(redis, { ...planned, isFirst: true }, empty)
    }),
}

/**
 * What was there and is not in the backup is gone, whoever was answered that it is kept; also where this has to be done
 * once more.
 */
async function restore(
  { postgres }: Rig,
  { name, sql, gone }: Installation,
  backup: Backup,
  tally: Tally,
): Promise<void> {
  const noteGone = async (tx: TransactionSql) => {
    tally.add('restores')
    const rows = await tx<{ id: number; client_id: string }[]>`
      select id::int, client_id from public.messages m where client_id is not null
        and not exists (select from backup."public.messages" b where b.client_id = m.client_id)`
    for (const { id, client_id } of rows) gone.set(client_id, (gone.get(client_id) ?? new Set()).add(id))
  }
  // Later it could not be connected to.
  await sql()`select 1`
  await postgres.without(name, () => backup.restore(noteGone))
}

async function workersOf({ installations }: Rig): Promise<number[]> {
  return (await Promise.all(installations.map(({ service }) => service.workers()))).flat()
}

function signal(pids: number[], name: NodeJS.Signals): boolean {
  for (const pid of pids) process.kill(pid, name)
  return pids.length > 0
}

const busy = new WeakMap<object, Promise<void>>()

/** What is already broken cannot be broken again: only the first of a kind waits for its turn. */
async function alone(thing: object, { isFirst }: Planned, fault: () => Promise<void>): Promise<boolean> {
  if (busy.has(thing) && !isFirst) return false
  const turn = (busy.get(thing) ?? Promise.resolve()).then(fault)
  const over = turn.catch(() => {}).then(() => void (busy.get(thing) === over && busy.delete(thing)))
  busy.set(thing, over)
  await turn
  return true
}
