import { randomUUID } from 'node:crypto'
import { ask } from './client.ts'
import { Channel } from './offer.ts'
import { makeGroups, makeUsers, text } from './people.ts'
import type { Program, Stack } from './stack.ts'
import { listen, openAll, type Stream } from './stream.ts'

/** A conversation as the load client knows it: cookies of its sender and of those who listen. */
export interface Room {
  id: number
  sender: string
  readers: string[]
}

/** Conversations of two, one for each reader; the senders take them in turn. Sends to one wait for each other by design. */
export async function makePairs({ sql, signIn }: Stack, senders: number, readers: number): Promise<Room[]> {
  const users = await makeUsers(sql, senders + readers)
  const cookies = await signIn(users)
  const pairs = users.slice(senders).map((reader, i) => [users[i % senders]!, reader])
  const ids = await makeGroups(sql, pairs)
  return ids.map((id, i) => ({ id, sender: cookies[i % senders]!, readers: [cookies[senders + i]!] }))
}

/** Measures the floor in a process of its own, then the service. @param path of the floor's sends */
export async function measureBoth<T>(
  stack: Stack,
  service: Program,
  path: '/send' | '/publish',
  measure: (peer: Peer, isFloor: boolean) => Promise<T>,
): Promise<{ floor: T; ours: T }> {
  const program = await stack.startFloor()
  const floor = await measure(floorAt(program, path), true)
  await program.stop()
  return { floor, ours: await measure(serviceAt(service), false) }
}

/** Where messages are sent and heard: the service or its floor. */
export interface Peer {
  program: Program
  listen(
    room: Room,
    reader: number,
    listening?: { heard?: () => void; lastEventId?: string | undefined },
  ): Promise<Stream>
  send(room: Room): Promise<unknown>
}

export const serviceAt = (program: Program): Peer => ({
  program,
  listen: (room, reader, listening) =>
    listen(program, '/api/messages/stream', room.readers[reader]!, listening),
  send: ({ id, sender }) =>
    ask('POST', program, `/api/conversations/${id}/messages`, sender, {
      content: text,
      client_id: randomUUID(),
    }),
})

/** @param path `/send` stores each message, `/publish` does not */
const floorAt = (program: Program, path: '/send' | '/publish'): Peer => ({
  program,
  listen: ({ id }, _reader, listening) => listen(program, `/?c=${id}`, '', listening),
  send: ({ id }) => ask('POST', program, `${path}?c=${id}`, '', text),
})

export interface Audience {
  channels: Channel[]
  streams: Stream[]
}

/** Opens a stream for each reader of each room. */
export async function openChannels(peer: Peer, rooms: Room[]): Promise<Audience> {
  const channels = rooms.map((room) => new Channel(room.readers.length, () => peer.send(room)))
  const seats = rooms.flatMap((room, i) =>
    room.readers.map((_, reader) => ({ room, reader, channel: channels[i]! })),
  )
  const streams = await openAll(seats.length, (i) => {
    const { room, reader, channel } = seats[i]!
    return peer.listen(room, reader, { heard: channel.reader() })
  })
  return { channels, streams }
}
