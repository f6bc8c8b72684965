import { setTimeout as sleep } from 'node:timers/promises'
import { breakThings } from './faults.ts'
import { Healing } from './healing.ts'
import type { Options } from './options.ts'
import { sum, type Verdict } from './oracle.ts'
import { Random } from './random.ts'
import { type Rig, startRig } from './rig.ts'
import { allKinds, habitOf, type Kind, plan } from './schedule.ts'
import { sendLane } from './sender.ts'
import type { Service } from './service.ts'
import { judgeSide, lanes, type Means, makeSide, readersOf, type Side, sizes } from './side.ts'
import { Tally } from './tally.ts'

export interface Outcome {
  verdict: Verdict
  tally: Tally
  /** From the first send to the last answer: ms. */
  sending: number
  /** From then until every reader had everything. */
  catchingUpMs: number
  /** Messages that a restored backup did not have. */
  gone: number
  /** Faults that were wanted, and why they are left out. */
  skipped: string[]
  complaints: Service['complaints']
}

/** Longer than sends that meet one fault after another take. ms */
const allowance = 60_000
/** After the last send: workers that start anew, a poll for what was never published, and a reconnect. */
const maxCatchUpMs = 30_000

/** Sends, breaks, reads, and compares. @param say called with what happens */
export async function runChaos(options: Options, say: (what: string) => void): Promise<Outcome> {
  const rig = await startRig(options)
  const over = new AbortController()
  const sides: Side[] = []
  try {
    const random = new Random(options.seed)
    const tally = new Tally()
    const healing = new Healing(tally)
    const started = { rig, sides, random, tally, healing, signal: over.signal }
    for (const [i, size] of sizes(options, rig.installations.length).entries())
      sides.push(await makeSide(started, rig.installations[i]!, size))
    await Promise.all(readersOf(sides).map((reader) => reader.start()))
    return await observe(started, options, say)
  } finally {
    over.abort()
    for (const reader of readersOf(sides)) reader.stop()
    for (const { world } of sides) for (const { client } of world.members) client.close()
    await rig.close()
  }
}

interface Started extends Means {
  rig: Rig
  sides: Side[]
}

async function observe(started: Started, options: Options, say: (what: string) => void): Promise<Outcome> {
  const { rig, sides, random, tally, healing } = started
  const time = options.seconds * 1000
  const signal = AbortSignal.timeout(time + allowance)
  const began = Date.now()
  const { chosen, skipped } = choose(options, rig)
  for (const each of skipped) say(`left out: ${each}`)
  const breaking = breakThings(
    // Without further messages, the last one would be noticed by no one who depends on the next.
    plan(random.fork('schedule'), time * 0.92, chosen),
    {
      ...{ rig, healing, tally, random: random.fork('breaking') },
      readers: readersOf(sides),
      clients: sides.flatMap(({ world }) => world.members.map(({ client }) => client)),
      say: (what) => say(`${seconds(Date.now() - began)}  ${what}`),
    },
    signal,
  )
  // At the limit it is judged all the same, by what was sent until then.
  const sent = sides.flatMap((side) =>
    lanes(started, side, time, signal).map(([lane, how]) => sendLane(lane, how, side.ledger)),
  )
  await Promise.all(sent).catch((error) => {
    if (!signal.aborted) throw error
  })
  const sending = Date.now() - began
  await breaking
  say(`${seconds(sending)}  ${signal.aborted ? 'no more time to send' : 'everything is sent'}`)
  for (const reader of readersOf(sides)) reader.calm()
  const { verdict, catchingUpMs } = await awaitCatchUp(sides)
  for (const { view } of sides.flatMap(({ readers }) => readers)) {
    tally.add(
      'duplicates',
      view.sum((place) => place.duplicates),
    )
    tally.add(
      'skipped',
      view.sum((place) => place.skipped.length),
    )
  }
  const complaints = new Map(
    rig.installations.flatMap(({ name, service }) =>
      [...service.complaints].map(([what, times]) => [`${name}: ${what}`, times]),
    ),
  )
  const gone = rig.installations.reduce((sum, { gone }) => sum + gone.size, 0)
  return { verdict, tally, sending, catchingUpMs, gone, skipped, complaints }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1).padStart(6)} s`

/** What of the wanted can be done here. */
function choose({ faults, standby }: Options, { redis, disk }: Rig): { chosen: Kind[]; skipped: string[] } {
  const wanted = allKinds.filter((kind) => faults.includes(kind))
  const missing = { Redis: !redis, disk: !disk, standby: !standby, 'no standby': standby }
  const chosen = wanted.filter((kind) => !missing[habitOf(kind).needs as keyof typeof missing])
  const isDiskMissing = wanted.includes('full-disk') && !disk
  return {
    chosen,
    skipped: [
      ...(isDiskMissing && !standby ? ['full-disk: only root may make a small disk to fill'] : []),
      ...(standby ? ['full-disk, restored-postgres: not where there is a standby'] : []),
    ],
  }
}

/** Waits until nothing is missing, or for as long as it may take to be found. */
async function awaitCatchUp(sides: Side[]) {
  const began = Date.now()
  for (;;) {
    const catchingUpMs = Date.now() - began
    const verdict = sum(await Promise.all(sides.map(judgeSide)))
    if (verdict.lost + verdict.ghosts === 0 || catchingUpMs > maxCatchUpMs) return { verdict, catchingUpMs }
    await sleep(250)
  }
}
