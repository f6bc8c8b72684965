import { setTimeout as sleep } from 'node:timers/promises'
import { breakThings } from './faults.ts'
import { Healing } from './healing.ts'
import type { Insisting } from './insist.ts'
import type { Options } from './options.ts'
import { type Expected, judge, readTruth, type Verdict } from './oracle.ts'
import { Random } from './random.ts'
import { Reader } from './reader.ts'
import { type Rig, startRig } from './rig.ts'
import { plan } from './schedule.ts'
import { type Lane, Ledger, sendLane } from './sender.ts'
import { Tally } from './tally.ts'
import { makeWorld, type World } from './world.ts'

export interface Outcome {
  verdict: Verdict
  tally: Tally
  ledger: Ledger
  /** From the first send to the last answer: ms. */
  sending: number
  /** From then until everybody had everything: ms. */
  settling: number
  complaints: Rig['service']['complaints']
}

/** Longer than sends that meet one fault after another take. ms */
const allowance = 60_000
/** After the last send: a look for what nobody announced, and a reconnect. ms */
const patience = 15_000

/** Sends, breaks, reads, and compares. @param say is told what happens */
export async function runChaos(options: Options, say: (what: string) => void): Promise<Outcome> {
  const rig = await startRig(options.inProcess)
  const over = new AbortController()
  const readers: Attending[] = []
  let world: World | undefined
  try {
    const random = new Random(options.seed)
    const tally = new Tally()
    const healing = new Healing(tally)
    world = await makeWorld(rig, random.fork('world'), options)
    const started = { rig, world, random, tally, healing, signal: over.signal }
    readers.push(...attend(started))
    await Promise.all(readers.map(({ reader }) => reader.start()))
    return await observe(started, options, readers, say)
  } finally {
    over.abort()
    for (const { reader } of readers) reader.stop()
    for (const { client } of world?.members ?? []) client.close()
    await rig.close()
  }
}

interface Started {
  rig: Rig
  world: World
  random: Random
  tally: Tally
  healing: Healing
  signal: AbortSignal
}

interface Attending extends Expected {
  reader: Reader
}

/** Each member has a device that reads; every third has two. */
function attend({ world, random, tally, healing, signal }: Started): Attending[] {
  return world.members.flatMap(({ id, client }, i) =>
    Array.from({ length: i % 3 === 0 ? 2 : 1 }, (_, device) => {
      const name = `reader ${id}.${device}`
      const reader = new Reader({ client, random: random.fork(name), tally, signal }, healing)
      const talks = world.talks.filter(({ members }) => members.some((member) => member.id === id))
      return { name, reader, view: reader.view, talkIds: talks.map((talk) => talk.id) }
    }),
  )
}

async function observe(
  started: Started,
  options: Options,
  readers: Attending[],
  say: (what: string) => void,
): Promise<Outcome> {
  const { rig, world, random, tally, healing } = started
  const time = options.seconds * 1000
  const signal = AbortSignal.timeout(time + allowance)
  const ledger = new Ledger()
  const began = Date.now()
  const means = { rig, random: random.fork('breaking'), healing, tally }
  const breaking = breakThings(
    // Whoever is told by the next message only would never be told of the last.
    plan(random.fork('schedule'), time * 0.92, options.inProcess),
    {
      ...means,
      readers: readers.map(({ reader }) => reader),
      clients: world.members.map(({ client }) => client),
      say: (what) => say(`${seconds(Date.now() - began)}  ${what}`),
    },
    signal,
  )
  // At the limit it is judged all the same, by what was sent until then.
  await Promise.all(lanes(started, options, signal).map(([lane, how]) => sendLane(lane, how, ledger))).catch(
    (error) => {
      if (!signal.aborted) throw error
    },
  )
  const sending = Date.now() - began
  await breaking
  say(`${seconds(sending)}  ${signal.aborted ? 'no more time to send' : 'everything is sent'}`)
  for (const { reader } of readers) reader.calm()
  const { verdict, settling } = await settle(rig, readers, ledger)
  for (const { view } of readers) {
    tally.add(
      'duplicates',
      view.sum((place) => place.duplicates),
    )
    tally.add(
      'skipped',
      view.sum((place) => place.skipped.length),
    )
  }
  return { verdict, tally, ledger, sending, settling, complaints: rig.service.complaints }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1).padStart(6)} s`

/** Every member in every conversation he is in; the messages are dealt out evenly. */
function lanes(
  { world, random, tally }: Started,
  options: Options,
  signal: AbortSignal,
): [Lane, Insisting][] {
  const all = world.talks.flatMap((talk) => talk.members.map((member) => ({ talk, member })))
  const each = Math.floor(options.messages / all.length)
  const more = options.messages % all.length
  return all.map(({ talk, member }, i) => [
    { talk, senderId: member.id, messages: each + (i < more ? 1 : 0), time: options.seconds * 1000 },
    { client: member.client, random: random.fork(`lane ${i}`), tally, signal },
  ])
}

/** Waits until nothing is missing, or for as long as it may take to be found. */
async function settle(rig: Rig, readers: Attending[], ledger: Ledger) {
  const began = Date.now()
  for (;;) {
    const settling = Date.now() - began
    const verdict = judge(await readTruth(rig.sql), readers, ledger.entries.values())
    if (verdict.lost === 0 || settling > patience) return { verdict, settling }
    await sleep(250)
  }
}
