import { setTimeout as sleep } from 'node:timers/promises'
import { listen, type Stream } from './client.ts'
import { memoryOf, print, ratio } from './measure.ts'
import { makeUsers } from './people.ts'
import { benchRest } from './rest.ts'
import type { Program, Stack } from './stack.ts'

const few = 200
const many = 1000

/** What the service takes at rest, and T4: what an idle stream costs, as the slope between few and many, against a bare node:http process. */
export async function benchMemory(stack: Stack, service: Program): Promise<void> {
  await benchRest(service)
  const cookies = await stack.signIn(await makeUsers(stack.sql, many))
  const ours = await measure(service, '/api/messages/stream', cookies)
  const floor = await stack.startFloor()
  const bare = await measure(floor, '/', cookies)
  await floor.stop()
  const row = (name: string, { empty, full, slope }: Result) => [
    name,
    `${Math.round(empty / 1024)} MiB`,
    `${Math.round(full / 1024)} MiB`,
    `${slope.toFixed(1)} KiB`,
    ratio(slope, bare.slope),
    name === 'service' ? (slope <= 16 ? '✓ (≤ 16 KiB)' : '✗ (≤ 16 KiB)') : '',
  ]
  print(`Memory of an idle stream (T4), from ${few} to ${many} streams`, [
    ['', 'before', `with ${many}`, 'per stream', 'of floor', ''],
    row('floor', bare),
    row('service', ours),
  ])
}

interface Result {
  empty: number
  full: number
  slope: number
}

async function measure(program: Program, path: string, cookies: string[]): Promise<Result> {
  const streams: Stream[] = []
  const grow = async (count: number) => {
    for (; streams.length < count; ) {
      const next = cookies.slice(streams.length, Math.min(streams.length + 20, count))
      streams.push(...(await Promise.all(next.map((cookie) => listen(program, path, cookie)))))
    }
    await sleep(3000)
    return memoryOf(program.pid)
  }
  const empty = memoryOf(program.pid)
  const small = await grow(few)
  const full = await grow(many)
  for (const stream of streams) stream.close()
  await sleep(500)
  return { empty, full, slope: (full - small) / (many - few) }
}
