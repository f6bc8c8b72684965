import { setTimeout as sleep } from 'node:timers/promises'
import { mb, ms, percentiles, perSecond, print } from './measure.ts'
import { offer } from './offer.ts'
import type { Options } from './options.ts'
import { type Audience, openChannels, type Room, serviceAt } from './peer.ts'
import { makeGroups, makeUsers } from './people.ts'
import { memoryOf } from './processes.ts'
import type { Program, Stack } from './stack.ts'

const conversations = 200
const members = 5
const parts = 10
/** How far the last part may be from the first, as a share of it. */
const tolerance = 0.15

interface Part {
  rate: number
  p50: number
  p99: number
  lost: number
  /** MB. */
  memory: number
}

/** A thousand sends a second into 200 conversations with a thousand streams: the last minute is like the first. */
export async function benchSoak(stack: Stack, service: Program, options: Options): Promise<void> {
  const { seconds = 600, rate = 1000 } = options
  const audience = await openChannels(serviceAt(service), await makeRooms(stack))
  await offer(audience.channels, rate, seconds / parts / 3)
  const results: Part[] = []
  for (let part = 0; part < parts; part++)
    results.push(await measure(service, audience, rate, seconds / parts))
  print(`${rate} sends a second for ${seconds} s, ${conversations * members} streams`, [
    ['', 'sends', 'p50', 'p99', 'lost', 'memory'],
    ...results.map((result, part) => [`${(part * seconds) / parts} s`, ...cells(result)]),
    ['last ÷ first', '', ...verdicts(results[0]!, results.at(-1)!)],
  ])
}

const cells = ({ rate, p50, p99, lost, memory }: Part) => [
  perSecond(rate),
  ms(p50),
  ms(p99),
  `${lost}`,
  mb(memory),
]

function verdicts(first: Part, last: Part): string[] {
  const verdict = (kind: 'p50' | 'p99' | 'memory') => {
    const change = last[kind] / first[kind]
    return `${change.toFixed(2)} ${change <= 1 + tolerance ? '✓' : '✗'}`
  }
  return [verdict('p50'), verdict('p99'), '', verdict('memory')]
}

async function makeRooms({ sql, signIn }: Stack): Promise<Room[]> {
  const users = await makeUsers(sql, conversations * members)
  const cookies = await signIn(users)
  const of = <T>(all: T[], i: number) => all.slice(i * members, (i + 1) * members)
  const groups = Array.from({ length: conversations }, (_, i) => of(users, i))
  const ids = await makeGroups(sql, groups)
  return ids.map((id, i) => ({ id, sender: cookies[i * members]!, readers: of(cookies, i) }))
}

async function measure(
  { pid }: Program,
  { channels }: Audience,
  rate: number,
  seconds: number,
): Promise<Part> {
  const memories: number[] = []
  let isOver = false
  const watch = async () => {
    for (; !isOver; await sleep(500)) memories.push(memoryOf(pid))
  }
  const watching = watch()
  const run = await offer(channels, rate, seconds)
  isOver = true
  await watching
  const memory = memories.reduce((sum, kib) => sum + kib, 0) / memories.length / 1000
  return { rate: run.sent / run.seconds, lost: run.lost, memory, ...percentiles(run.fromSend) }
}
