import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { ask } from './client.ts'
import { load, ms, percentiles, print } from './measure.ts'
import { fillPage, makeGroup, makeUsers } from './people.ts'
import { memoryOf } from './processes.ts'
import type { Program, Stack } from './stack.ts'
import { listen, openAll } from './stream.ts'
import type { Figure } from './targets.ts'

const seconds = 2
const few = 1000
const many = 5000
const idleMs = 3000

/** What the documents of the sister systems promise at p95, for one client; and what a WebSocket of theirs takes. */
export async function benchClients(stack: Stack, service: Program): Promise<Figure[]> {
  const { sql } = stack
  const users = await makeUsers(sql, 20)
  const conversation = await makeGroup(sql, users)
  await fillPage(sql, conversation, users, 1000)
  const [cookie, other] = (await stack.signIn(users.slice(0, 2))) as [string, string]
  const [{ id }] = await sql<[{ id: string }]>`select max(id) as id from messages`
  const p95 = async (work: () => Promise<unknown>) => (await load(1, seconds, work)).p95
  const reactions = `/api/v1/messages/${id}/reactions`

  const promised: [target: Figure['target'], title: string, p95: number][] = [
    [
      'clientPage',
      'GET /api/v1/messages, 50 of them',
      await p95(() => ask('GET', service, `/api/v1/messages?chat_id=${conversation}&limit=50`, cookie)),
    ],
    [
      'clientReaction',
      'POST and DELETE …/reactions, half of both',
      (await p95(async () => {
        await ask('POST', service, reactions, cookie, { emoji: '❤️' })
        await ask('DELETE', service, `${reactions}/${encodeURIComponent('❤️')}`, cookie)
      })) / 2,
    ],
    [
      'clientTyping',
      'POST /api/v1/presence/typing',
      await p95(() =>
        ask('POST', service, '/api/v1/presence/typing', cookie, { chat_id: conversation, is_typing: true }),
      ),
    ],
    [
      'clientApi',
      'GET /api/v1/presence/users of 20',
      await p95(() => ask('GET', service, `/api/v1/presence/users?ids=${users}`, cookie)),
    ],
    [
      'clientEvent',
      'POST /api/v1/messages → message.created at another',
      await eventP95(service, conversation, cookie, other),
    ],
  ]
  print('Clients of the sister systems', [
    ['', 'p95'],
    ...promised.map(([, title, value]) => [title, ms(value)]),
  ])
  return [
    ...promised.map(([target, , value]) => ({ target, floor: Number.NaN, service: value })),
    { target: 'idleSocket', ...(await idle(stack)) },
  ]
}

async function eventP95(service: Program, chat_id: number, sender: string, reader: string): Promise<number> {
  const address = `ws://127.0.0.1:${service.port}/api/v1/ws`
  const socket = new WebSocket(address, { headers: { cookie: reader } })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const times: number[] = []
  for (let nr = 0; nr < 200; nr++) {
    const content = `nr ${nr}`
    const heard = new Promise<void>((resolve) => {
      socket.on('message', function read(data) {
        if (!`${data}`.includes(`"${content}"`)) return
        socket.off('message', read)
        resolve()
      })
    })
    const before = performance.now()
    await ask('POST', service, '/api/v1/messages', sender, { chat_id, content })
    await heard
    times.push(performance.now() - before)
  }
  socket.terminate()
  return percentiles(times).p95
}

/** KiB that an idle stream, and an idle WebSocket, take of a worker of their own. */
async function idle(stack: Stack): Promise<Omit<Figure, 'target'>> {
  const cookies = await stack.signIn(await makeUsers(stack.sql, many))
  const slope = async (path: string, isWebSocket: boolean) => {
    const service = await stack.startService()
    const open = (from: number) => (i: number) => listen(service, path, cookies[from + i]!, { isWebSocket })
    const streams = await openAll(few, open(0))
    await sleep(idleMs)
    const before = memoryOf(service.pid)
    streams.push(...(await openAll(many - few, open(few))))
    await sleep(idleMs)
    const kib = (memoryOf(service.pid) - before) / (many - few)
    for (const stream of streams) stream.close()
    await service.stop()
    return kib
  }
  return {
    floor: await slope('/api/messages/stream', false),
    service: await slope('/api/v1/ws', true),
  }
}
