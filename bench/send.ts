import { type Load, load, ms, perSecond, print, ratio } from './measure.ts'
import { makePairs, measureBoth, type Peer, type Room } from './peer.ts'
import { cpuOf } from './processes.ts'
import type { Program, Stack } from './stack.ts'
import { openAll } from './stream.ts'
import type { Figure } from './targets.ts'

const forSeconds = 4
const conversations = 200
const senders = [1, 16, 64]
const maxSenders = 64

interface Sends extends Load {
  senders: number
  /** Seconds for 100,000 sends. */
  node: number
  postgres: number
}

/** Messages stored, published and read by one each, by senders who wait for the answer before they send again. */
export async function benchSend(stack: Stack, service: Program): Promise<Figure[]> {
  const rooms = await makePairs(stack, maxSenders, conversations)
  const { floor, ours } = await measureBoth(stack, service, '/send', (peer) => measure(stack, peer, rooms))

  print('Durable sends; CPU seconds of 100,000', [
    ['', '', 'sends', 'of floor', 'p50', 'p99', 'Node', 'PostgreSQL'],
    ...floor.flatMap((sends, i) => [row('floor', sends, sends), row('service', ours[i]!, sends)]),
  ])
  const rate = (i: number) => ({ floor: floor[i]!.rate, service: ours[i]!.rate })
  const cpu = ({ node, postgres }: Sends) => node + postgres
  return [
    { target: 'sendsOf64', ...rate(2) },
    { target: 'sendsOf16', ...rate(1) },
    { target: 'sendsOf1', ...rate(0) },
    { target: 'sendCpu', floor: cpu(floor[2]!), service: cpu(ours[2]!) },
  ]
}

const row = (name: string, sends: Sends, floor: Sends) => [
  name,
  `K=${sends.senders}`,
  perSecond(sends.rate),
  ratio(sends.rate, floor.rate),
  ms(sends.p50),
  ms(sends.p99),
  sends.node.toFixed(1),
  sends.postgres.toFixed(1),
]

async function measure(stack: Stack, peer: Peer, rooms: Room[]): Promise<Sends[]> {
  const streams = await openAll(rooms.length, (i) => peer.listen(rooms[i]!, 0))
  const results: Sends[] = []
  for (const count of senders) results.push(await sendBy(count, stack, peer, rooms))
  for (const stream of streams) stream.close()
  return results
}

async function sendBy(count: number, { postgresPid }: Stack, peer: Peer, rooms: Room[]): Promise<Sends> {
  const own = Array.from({ length: count }, (_, sender) => rooms.filter((_, i) => i % maxSenders === sender))
  const turns = new Array<number>(count).fill(0)
  let sent = 0
  const send = async (sender: number) => {
    const mine = own[sender]!
    await peer.send(mine[turns[sender]!++ % mine.length]!)
    sent++
  }
  const used = () => ({ node: cpuOf(peer.program.root), postgres: cpuOf(postgresPid) })
  const before = used()
  const result = await load(count, forSeconds, send)
  const after = used()
  const of = (kind: 'node' | 'postgres') => ((after[kind] - before[kind]) / sent) * 100_000
  return { ...result, senders: count, node: of('node'), postgres: of('postgres') }
}
