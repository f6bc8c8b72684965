import { setTimeout as sleep } from 'node:timers/promises'
import { kib, ms, percentiles, perSecond, print, seconds } from './measure.ts'
import { makePairs, measureBoth, type Peer, type Room } from './peer.ts'
import { memoryOf } from './processes.ts'
import type { Program, Stack } from './stack.ts'
import { openAll, type Stream } from './stream.ts'
import type { Figure } from './targets.ts'

const few = 1000
const many = 5000
const senders = 50
const idleMs = 3000

/** Thousands of streams: what each takes, how fast they open, and how fast all are back after they were cut. */
export async function benchStorm(stack: Stack, service: Program): Promise<Figure[]> {
  const rooms = await makePairs(stack, senders, many)
  const { floor, ours } = await measureBoth(stack, service, '/send', (peer, isFloor) =>
    measure(peer, rooms, !isFloor),
  )
  print(`${perCount(many)} streams; those of the floor come back to nothing`, [
    ['', 'opened', 'an idle one', 'all back', 'sends meanwhile', 'p50', 'p99'],
    row('floor', floor),
    row('service', ours),
  ])
  const figure = (target: Figure['target'], of: (storm: Storm) => number): Figure => ({
    target,
    floor: of(floor),
    service: of(ours),
  })
  return [
    figure('openings', ({ openings }) => openings),
    figure('storm', ({ back }) => back),
    figure('stormSend', ({ sends }) => percentiles(sends).p99),
    figure('idleStream', ({ slope }) => slope),
  ]
}

interface Storm {
  /** Streams opened a second. */
  openings: number
  /** KiB of a stream. */
  slope: number
  /** Seconds. */
  back: number
  /** How long each took, in ms. */
  sends: number[]
}

const perCount = (count: number) => count.toLocaleString('en')
const row = (name: string, { openings, slope, back, sends }: Storm) => {
  const { p50, p99 } = percentiles(sends)
  return [name, perSecond(openings), kib(slope), seconds(back), `${sends.length}`, ms(p50), ms(p99)]
}

async function measure(peer: Peer, rooms: Room[], replays: boolean): Promise<Storm> {
  const opened = await open(peer, rooms)
  const cursor = replays ? await cursorOf(opened.streams[0]!, peer, rooms[0]!) : undefined
  for (const stream of opened.streams) stream.close()
  await sleep(1000)
  if (replays) await sendToAll(peer, rooms)

  const { sends, stop } = sendSteadily(peer, rooms[0]!)
  const start = performance.now()
  const streams = await openAll(many, (i) => peer.listen(rooms[i]!, 0, { lastEventId: cursor }))
  while (replays && !streams.every(({ received }) => received > 0)) await sleep(10)
  const back = (performance.now() - start) / 1000
  await stop()
  for (const stream of streams) stream.close()
  return { openings: opened.rate, slope: opened.slope, back, sends }
}

async function open(peer: Peer, rooms: Room[]) {
  const listen = (i: number) => peer.listen(rooms[i]!, 0)
  const { pid } = peer.program
  const streams = await openAll(few, listen)
  await sleep(idleMs)
  const before = memoryOf(pid)
  const start = performance.now()
  streams.push(...(await openAll(many - few, (i) => listen(few + i))))
  const rate = (many - few) / ((performance.now() - start) / 1000)
  await sleep(idleMs)
  return { streams, rate, slope: (memoryOf(pid) - before) / (many - few) }
}

/** One place is valid for all: whatever was stored before it has been written to every stream. */
async function cursorOf(stream: Stream, peer: Peer, room: Room): Promise<string> {
  await peer.send(room)
  while (!stream.lastId) await sleep(10)
  return stream.lastId
}

async function sendToAll(peer: Peer, rooms: Room[]): Promise<void> {
  const rest = [...rooms]
  const work = async () => {
    for (let room = rest.pop(); room; room = rest.pop()) await peer.send(room)
  }
  await Promise.all(Array.from({ length: senders }, work))
}

/** Sends fifty times a second until it is stopped. */
function sendSteadily(peer: Peer, room: Room): { sends: number[]; stop(): Promise<void> } {
  const sends: number[] = []
  let isWanted = true
  const work = async () => {
    for (; isWanted; await sleep(20)) {
      const before = performance.now()
      await peer.send(room)
      sends.push(performance.now() - before)
    }
  }
  const working = work()
  const stop = () => {
    isWanted = false
    return working
  }
  return { sends, stop }
}
