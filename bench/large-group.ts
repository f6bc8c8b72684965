import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from './client.ts'
import { ms, percentiles, perSecond, print } from './measure.ts'
import { offer, type Run } from './offer.ts'
import type { Options } from './options.ts'
import { measureBoth, openChannels, type Peer, type Room, serviceAt } from './peer.ts'
import { makeGroup, makeUsers } from './people.ts'
import type { Program, Stack } from './stack.ts'
import { openAll } from './stream.ts'

const members = 1000
const listeners = 500
const withinMs = 100
const comers = 50
const readers = 100
const typists = 20
/** Longer than somebody who has left counts as there. */
const graceMs = 7000

/** Fifty messages a second into a group of a thousand, half of whom listen; and what else its members cause there. */
export async function benchLargeGroup(stack: Stack, service: Program, options: Options): Promise<void> {
  const { seconds = 30, rate = 50 } = options
  const room = await makeRoom(stack)
  const { floor, ours } = await measureBoth(stack, service, '/send', (peer) =>
    deliver(peer, room, rate, seconds),
  )
  print(`${rate} messages a second for ${seconds} s to ${listeners} of ${members} members`, [
    ['', 'delivered', 'p50 to the last', 'p99', 'lost', `≤ ${withinMs} ms`],
    row('floor', floor),
    row('service', ours),
  ])
  await benchSignals(serviceAt(service), room)
}

function row(name: string, run: Run): string[] {
  const { p50, p99 } = percentiles(run.fromDue)
  return [name, perSecond(run.perSecond), ms(p50), ms(p99), `${run.lost}`, run.isHeld(withinMs) ? '✓' : '✗']
}

async function makeRoom({ sql, signIn }: Stack): Promise<Room> {
  const users = await makeUsers(sql, members)
  const id = await makeGroup(sql, users)
  const cookies = await signIn(users.slice(0, listeners + 1))
  return { id, sender: cookies[listeners]!, readers: cookies.slice(0, listeners) }
}

async function deliver(peer: Peer, room: Room, rate: number, seconds: number): Promise<Run> {
  const { channels, streams } = await openChannels(peer, [room])
  await offer(channels, rate, Math.min(3, seconds))
  const run = await offer(channels, rate, seconds)
  for (const stream of streams) stream.close()
  return run
}

/** What must not grow with the group: typing and presence are for small ones, receipts go to the reader alone. */
async function benchSignals(peer: Peer, room: Room): Promise<void> {
  const listen = (i: number) => peer.listen(room, i)
  const post = (action: string, cookie: string) =>
    ask('POST', peer.program, `/api/conversations/${room.id}/${action}`, cookie, {})
  await sleep(graceMs)
  const streams = await openAll(listeners - comers, listen)
  for (const cookie of room.readers.slice(0, typists)) await post('typing', cookie)
  for (const cookie of room.readers.slice(0, readers)) await post('read', cookie)
  const others = await openAll(comers, (i) => listen(listeners - comers + i))
  for (const stream of others) stream.close()
  await sleep(graceMs)
  const count = (event: string) => streams.reduce((sum, { others }) => sum + (others.get(event) ?? 0), 0)
  const verdict = (what: string, event: string, most: number) => [
    what,
    event,
    `${count(event)}`,
    `${count(event) <= most ? '✓' : '✗'} (≤ ${most})`,
  ]
  print(`Events to ${streams.length} streams of that group`, [
    ['', '', 'events', ''],
    verdict(`${typists} members typed`, 'typing', 0),
    verdict(`${comers} came and left`, 'presence', 0),
    verdict(`${readers} read`, 'message_read', readers),
    verdict('', 'message_delivered', 0),
  ])
  for (const stream of streams) stream.close()
}
