import { setTimeout as sleep } from 'node:timers/promises'
import { ask, listen, type Stream } from './client.ts'
import { cpuOf, ms, percentiles, perSecond, print, ratio } from './measure.ts'
import { makeGroup, makeUsers, text } from './people.ts'
import type { Program, Stack } from './stack.ts'

const audience = 100
const seconds = 4

interface Result {
  perDelivery: number
  rate: number
  p50: number
  p99: number
}

/** T1, T3: one message to a hundred streams, against a bare node:http process that does the same. */
export async function benchFanOut(stack: Stack, service: Program): Promise<void> {
  const users = await makeUsers(stack.sql, audience)
  const conversation = await makeGroup(stack.sql, users)
  const cookies = await stack.signIn(users)
  const path = `/api/conversations/${conversation}/messages`
  const publish = (n: number) => ask('POST', service, path, cookies[n % audience]!, { content: text })
  const ours = await measure(service, publish, '/api/messages/stream', cookies)

  const floor = await stack.startFloor()
  // As many bytes as the service's event has.
  const event = { conversation_id: conversation, seq: 1, text: 'x'.repeat(900) }
  const bare = await measure(floor, () => ask('POST', floor, '/', '', event), '/', cookies)
  await floor.stop()

  const row = (name: string, { rate, perDelivery, p50, p99 }: Result) => [
    name,
    perSecond(rate),
    `${(perDelivery * 100_000).toFixed(2)} s`,
    ratio(perDelivery, bare.perDelivery, name === 'service' ? 1.15 : undefined),
    ms(p50),
    ms(p99),
  ]
  print(`Fan-out to ${audience} streams (T1, T3); the service stores each message, the floor does not`, [
    ['', 'deliveries', 'CPU/100k', 'of floor', 'publish → last, p50', 'p99 at 20/s'],
    row('floor', bare),
    row('service', ours),
  ])
}

async function measure(
  program: Program,
  publish: (n: number) => Promise<unknown>,
  path: string,
  cookies: string[],
): Promise<Result> {
  let waiting = 0
  let done = () => {}
  const heard = () => {
    if (--waiting === 0) done()
  }
  const streams: Stream[] = []
  for (const cookie of cookies) streams.push(await listen(program, path, cookie, heard))
  await sleep(1500)
  /** Publishes and waits until the last stream has it. */
  const deliver = async (n: number) => {
    const all = new Promise<void>((resolve) => {
      done = resolve
    })
    waiting = streams.length
    await Promise.all([publish(n), all])
  }
  for (let n = 0; n < 100; n++) await deliver(n)

  const latencies: number[] = []
  for (let n = 0; n < 60; n++) {
    const start = performance.now()
    await deliver(n)
    latencies.push(performance.now() - start)
    await sleep(50)
  }
  const [cpu, start] = [cpuOf(program.pid), performance.now()]
  let deliveries = 0
  for (let n = 0; performance.now() < start + seconds * 1000; n++) {
    await deliver(n)
    deliveries += streams.length
  }
  const used = cpuOf(program.pid) - cpu
  for (const stream of streams) stream.close()
  await sleep(300)
  return {
    perDelivery: used / deliveries,
    rate: deliveries / ((performance.now() - start - 300) / 1000),
    ...percentiles(latencies),
  }
}
