import { ms, percentiles, print } from './measure.ts'
import { offer } from './offer.ts'
import { floorAt, openChannels, type Peer, type Room, serviceAt } from './peer.ts'
import { makeGroups, makeUsers } from './people.ts'
import type { Program, Stack } from './stack.ts'
import type { Figure } from './targets.ts'

const pairs = 200
const rate = 200
const forSeconds = 10

/** From a send until the other one of a pair has it, both stored, at a rate that leaves the machine half idle. */
export async function benchPairs(stack: Stack, service: Program): Promise<Figure[]> {
  const rooms = await makeRooms(stack)
  const program = await stack.startFloor()
  const floor = await measure(floorAt(program, '/send'), rooms)
  await program.stop()
  const ours = await measure(serviceAt(service), rooms)
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

async function makeRooms({ sql, signIn }: Stack): Promise<Room[]> {
  const users = await makeUsers(sql, 2 * pairs)
  const cookies = await signIn(users)
  const ids = await makeGroups(
    sql,
    users.slice(pairs).map((reader, i) => [users[i]!, reader]),
  )
  return ids.map((id, i) => ({ id, sender: cookies[i]!, readers: [cookies[pairs + i]!] }))
}

async function measure(peer: Peer, rooms: Room[]) {
  const { channels, streams } = await openChannels(peer, rooms)
  await offer(channels, rate, 3)
  const { fromSend, lost } = await offer(channels, rate, forSeconds)
  for (const stream of streams) stream.close()
  return { ...percentiles(fromSend), slowest: Math.max(...fromSend), lost }
}
