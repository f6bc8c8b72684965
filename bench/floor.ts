import { createServer, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { Redis } from 'ioredis'

/**
 * The least that Node can do: a stream is an answer left open, a publish goes through Redis and is written to each.
 * No sessions, no database, no router.
 */
const streams = new Set<ServerResponse>()
const redis = new Redis(process.env.REDIS_URL!)
const subscriber = redis.duplicate()
await subscriber.subscribe('floor')
subscriber.on('messageBuffer', (_channel: Buffer, data: Buffer) => {
  const frame = Buffer.concat([Buffer.from('id: 1-1\nevent: new_message\ndata: '), data, Buffer.from('\n\n')])
  for (const stream of streams) stream.write(frame)
})

const server = createServer(async (req, res) => {
  if (req.method === 'POST') {
    await redis.publish('floor', JSON.stringify(JSON.parse(await text(req))))
    return res.writeHead(204).end()
  }
  streams.add(res)
  res.on('close', () => streams.delete(res))
  res.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('retry: 3000\n\n')
})
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('{"msg":"ready"}\n'))
process.on('SIGTERM', () => process.exit(0))
