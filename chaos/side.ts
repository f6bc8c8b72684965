import type { Healing } from './healing.ts'
import type { Options } from './options.ts'
import { type Expected, judge, readTruth, type Verdict } from './oracle.ts'
import type { Random } from './random.ts'
import { Reader } from './reader.ts'
import type { RetryContext } from './retry.ts'
import type { Installation } from './rig.ts'
import { type Lane, Ledger } from './sender.ts'
import type { Tally } from './tally.ts'
import { makeWorld, type Size, type World } from './world.ts'

/** Of the load, what the second of two installations gets. */
const smaller = 1 / 4

/** What all sides have in common. */
export interface Means {
  random: Random
  tally: Tally
  healing: Healing
  /** Ends everything. */
  signal: AbortSignal
}

interface Attending extends Expected {
  reader: Reader
}

/** For each installation. */
export function sizes({ members, conversations, messages }: Options, installations: number): Size[] {
  if (installations === 1) return [{ members, conversations, messages }]
  const second = Math.floor(messages * smaller)
  const few = (count: number) => Math.ceil(count * smaller)
  return [
    { members, conversations, messages: messages - second },
    { members: few(members), conversations: few(conversations), messages: second },
  ]
}

/** One installation with everybody in it. */
export interface Side {
  installation: Installation
  world: World
  size: Size
  readers: Attending[]
  ledger: Ledger
}

export const readersOf = (sides: Side[]) =>
  sides.flatMap(({ readers }) => readers.map(({ reader }) => reader))

/** With members and conversations of its own. Their ids are alike in all installations: what goes astray would be taken for one's own. */
export async function makeSide(means: Means, installation: Installation, size: Size): Promise<Side> {
  const world = await makeWorld(installation, means.random.fork('world'), size)
  return { installation, world, size, readers: attend(means, installation, world), ledger: new Ledger() }
}

/** Each member has a device that reads; every third has two. */
function attend(
  { random, tally, healing, signal }: Means,
  { name: mark }: Installation,
  world: World,
): Attending[] {
  return world.members.flatMap(({ id, client }, i) =>
    Array.from({ length: i % 3 === 0 ? 2 : 1 }, (_, device) => {
      const name = `${mark}: reader ${id}.${device}`
      const talks = world.talks.filter(({ members }) => members.some((member) => member.id === id))
      const talkIds = talks.map((talk) => talk.id)
      const rights = { talkIds: new Set(talkIds), mark }
      const reader = new Reader({ client, random: random.fork(name), tally, signal }, rights, healing)
      return { name, reader, view: reader.view, talkIds }
    }),
  )
}

/** Every member in every conversation they are in; the messages are dealt out evenly. */
export function lanes(
  { random, tally }: Means,
  { installation: { name: mark }, world, size }: Side,
  time: number,
  signal: AbortSignal,
): [Lane, RetryContext][] {
  const all = world.talks.flatMap((talk) => talk.members.map((member) => ({ talk, member })))
  const each = Math.floor(size.messages / all.length)
  const more = size.messages % all.length
  return all.map(({ talk, member }, i) => [
    { talk, senderId: member.id, mark, messages: each + (i < more ? 1 : 0), time },
    { client: member.client, random: random.fork(`${mark}: lane ${i}`), tally, signal },
  ])
}

export const judgeSide = async ({ installation: { sql, gone }, readers, ledger }: Side): Promise<Verdict> =>
  judge(await readTruth(sql()), readers, ledger.entries.values(), gone)
