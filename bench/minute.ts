import { groupSize, head, makeRooms, measure, row, type Step } from './fan-out.ts'
import { print } from './measure.ts'
import type { Options } from './options.ts'
import { openChannels, serviceAt } from './peer.ts'
import type { Program, Stack } from './stack.ts'

const parts = 6

/** 100,000 deliveries a second to ten groups of a hundred, for a minute: each part of it as fast as the first. */
export async function benchMinute(stack: Stack, service: Program, options: Options): Promise<void> {
  const { seconds = 60, rate = 100_000 } = options
  const peer = serviceAt(service)
  const audience = await openChannels(peer, await makeRooms(stack))
  await measure(peer, audience, 100, 2)
  const steps: Step[] = []
  for (let part = 0; part < parts; part++)
    steps.push(await measure(peer, audience, rate / groupSize, seconds / parts))
  print(`The same rate for ${seconds} s: ${steps.every(({ isHeld }) => isHeld) ? '✓ held' : '✗ not held'}`, [
    head,
    ...steps.map((step, part) => row(`${(part * seconds) / parts} s`, step)),
  ])
}
