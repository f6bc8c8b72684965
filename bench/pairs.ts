import { ms, percentiles, print } from './measure.ts'
import { offer } from './offer.ts'
import { makePairs, measureBoth, openChannels, type Peer, type Room } from './peer.ts'
import type { Program, Stack } from './stack.ts'
import type { Figure } from './targets.ts'

const pairs = 200
const rate = 200
const forSeconds = 10

/** From a send until the other one of a pair has it, both stored, at a rate that leaves the machine half idle. */
export async function benchPairs(stack: Stack, service: Program): Promise<Figure[]> {
  const rooms = await makePairs(stack, pairs, pairs)
  const { floor, ours } = await measureBoth(stack, service, '/send', (peer) => measure(peer, rooms))
  print(`Send → seen by one, ${rate}/s over ${pairs} pairs`, [
    ['', 'p50', 'p99', 'slowest', 'lost'],
    row('floor', floor),
    row('service', ours),
  ])
  return [
    { target: 'seenP50', floor: floor.p50, service: ours.p50 },
    { target: 'seenP99', floor: floor.p99, service: ours.p99 },
  ]
}

type Seen = Awaited<ReturnType<typeof measure>>

const row = (name: string, { p50, p99, slowest, lost }: Seen) => [
  name,
  ms(p50),
  ms(p99),
  ms(slowest),
  `${lost}`,
]

async function measure(peer: Peer, rooms: Room[]) {
  const { channels, streams } = await openChannels(peer, rooms)
  await offer(channels, rate, 3)
  const { fromSend, lost } = await offer(channels, rate, forSeconds)
  for (const stream of streams) stream.close()
  return { ...percentiles(fromSend), slowest: Math.max(...fromSend), lost }
}
