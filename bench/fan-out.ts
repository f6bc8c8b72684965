import { ms, percentiles, perSecond, print, seconds } from './measure.ts'
import { offer } from './offer.ts'
import type { Room } from './peer.ts'
import { type Audience, measureBoth, openChannels, type Peer } from './peer.ts'
import { makeGroups, makeUsers } from './people.ts'
import { cpuOf } from './processes.ts'
import type { Program, Stack } from './stack.ts'
import type { Figure } from './targets.ts'

const groups = 10
export const groupSize = 100
const withinMs = 250
const stepSeconds = 4

export interface Step {
  /** Messages a second. */
  rate: number
  isHeld: boolean
  deliveries: number
  p50: number
  p99: number
  /** Seconds of Node for 100,000 deliveries. */
  cpu: number
}

/** Ten groups of a hundred streams: how many deliveries a second they get in time, the service's stored before. */
export async function benchFanOut(stack: Stack, service: Program): Promise<Figure[]> {
  const rooms = await makeRooms(stack)
  const { floor, ours } = await measureBoth(stack, service, '/publish', (peer, isFloor) =>
    search(peer, rooms, isFloor ? 600 : 200),
  )
  print(`Deliveries to ${groups} groups of ${groupSize}; the floor stores nothing`, [
    head,
    ...floor.steps.map((step) => row('floor', step)),
    ...ours.steps.map((step) => row('service', step)),
  ])
  return [
    { target: 'deliveries', floor: floor.best.deliveries, service: ours.best.deliveries },
    { target: 'deliveryCpu', floor: floor.best.cpu, service: ours.best.cpu },
  ]
}

export const head = ['', 'offered', 'delivered', 'p50', 'p99 from due', 'CPU/100k', `≤ ${withinMs} ms`]
export const row = (name: string, { rate, isHeld, deliveries, p50, p99, cpu }: Step) => [
  name,
  perSecond(rate * groupSize),
  perSecond(deliveries),
  ms(p50),
  ms(p99),
  seconds(cpu),
  isHeld ? '✓' : '✗',
]

/** The first member of each group sends; all of them have a stream. */
export async function makeRooms({ sql, signIn }: Stack): Promise<Room[]> {
  const users = await makeUsers(sql, groups * groupSize)
  const cookies = await signIn(users)
  const of = <T>(all: T[], group: number) => all.slice(group * groupSize, (group + 1) * groupSize)
  const members = Array.from({ length: groups }, (_, group) => of(users, group))
  const ids = await makeGroups(sql, members)
  return ids.map((id, group) => ({
    id,
    sender: cookies[group * groupSize]!,
    readers: of(cookies, group),
  }))
}

interface Search {
  steps: Step[]
  /** The highest rate that was held. */
  best: Step
}

const none: Step = {
  rate: 0,
  isHeld: false,
  deliveries: 0,
  p50: Number.NaN,
  p99: Number.NaN,
  cpu: Number.NaN,
}

/** Raises the rate by half until it is not held, then halves the distance twice. */
async function search(peer: Peer, rooms: Room[], from: number): Promise<Search> {
  const audience = await openChannels(peer, rooms)
  const steps: Step[] = []
  const isHeldAt = async (rate: number) => {
    const step = await measure(peer, audience, Math.round(rate), stepSeconds)
    steps.push(step)
    return step.isHeld
  }
  await measure(peer, audience, from / 4, 2)
  let [held, broken] = await bounds(from, isHeldAt)
  for (let round = 0; round < 2 && held > 0; round++) {
    const middle = Math.sqrt(held * broken)
    if (await isHeldAt(middle)) held = middle
    else broken = middle
  }
  for (const stream of audience.streams) stream.close()
  const best = steps.filter(({ isHeld }) => isHeld).toSorted((a, b) => b.rate - a.rate)[0] ?? none
  return { steps, best }
}

/** @returns a rate that is held, 0 when none is, and one that is not */
async function bounds(from: number, isHeldAt: (rate: number) => Promise<boolean>): Promise<[number, number]> {
  let rate = from
  if (await isHeldAt(rate)) {
    while (await isHeldAt(rate * 1.5)) rate *= 1.5
    return [rate, rate * 1.5]
  }
  while (rate > 10 && !(await isHeldAt(rate / 2))) rate /= 2
  return [rate > 10 ? rate / 2 : 0, rate]
}

export async function measure(
  { program }: Peer,
  { channels }: Audience,
  rate: number,
  forSeconds: number,
): Promise<Step> {
  const before = cpuOf(program.root)
  const run = await offer(channels, rate, forSeconds)
  const cpu = ((cpuOf(program.root) - before) / run.deliveries) * 100_000
  return { rate, isHeld: run.isHeld(withinMs), deliveries: run.perSecond, cpu, ...percentiles(run.fromDue) }
}
