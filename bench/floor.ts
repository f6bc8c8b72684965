import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Redis } from 'ioredis'
import postgres from 'postgres'

/**
 * The least that Node can do, without a framework, sessions or a router: GET /?c=1 is an answer left open,
 * POST /publish?c=1 goes through Redis to each of them, POST /send?c=1 is stored before.
 */
const streams = new Map<string, Set<ServerResponse>>()
const redis = new Redis(process.env.REDIS_URL!, { enableAutoPipelining: true })
const subscriber = redis.duplicate()
subscriber.on('message', (channel: string, text: string) => {
  const frame = Buffer.from(`event: new_message\ndata: ${text}\n\n`)
  for (const stream of streams.get(channel) ?? []) stream.write(frame)
})

const sql = postgres(process.env.DATABASE_URL!, { max: 16, onnotice: () => {} })
await sql`
  create table if not exists bench_floor (
    id bigint generated always as identity primary key, conversation_id bigint not null, sender_id bigint not null,
    content text not null, created_at timestamptz not null default now())`
await sql`create index if not exists bench_floor_page on bench_floor (conversation_id, id desc)`
const store = (channel: string, text: string) =>
  sql`insert into bench_floor (conversation_id, sender_id, content) values (${channel}, 1, ${text}) returning id`

async function open(channel: string, res: ServerResponse): Promise<void> {
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
  const others = streams.get(channel) ?? new Set()
  streams.set(channel, others.add(res))
  res.on('close', () => leave(channel, others, res))
  if (others.size === 1) await subscriber.subscribe(channel)
  res.write('retry: 3000\n\n')
}

function leave(channel: string, others: Set<ServerResponse>, res: ServerResponse): void {
  others.delete(res)
  if (others.size > 0) return
  streams.delete(channel)
  subscriber.unsubscribe(channel)
}

function read(req: IncomingMessage): Promise<string> {
  let text = ''
  req.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  return new Promise((resolve) => req.on('end', () => resolve(text)))
}

const server = createServer(async (req, res) => {
  const [path, channel] = req.url!.split('?c=') as [string, string]
  if (req.method === 'GET') return open(channel, res)
  const text = await read(req)
  if (path === '/send') await store(channel, text)
  await redis.publish(channel, text)
  res.writeHead(202, { 'Content-Length': 0 }).end()
})
server.listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 }, () =>
  process.stdout.write('{"msg":"ready"}\n'),
)
process.on('SIGTERM', () => process.exit(0))
