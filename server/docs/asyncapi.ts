import { z } from 'zod'
import packaged from '../../package.json' with { type: 'json' }
import { config } from '../config.ts'
import { events, StreamQuery } from '../contract/events.ts'
import { cookieName } from '../web/session.ts'
import { type SocketDescription, sockets } from '../web/sockets.ts'
import { type Json, Schemas, type Side } from './schemas.ts'

interface Channel extends SocketDescription {
  transport: 'sse' | 'ws'
}

const stream: Channel = {
  name: 'stream',
  address: '/api/messages/stream',
  title: 'The stream',
  description: `Server-Sent Events: \`event\` is the name of a message, \`data\` its payload, \`id\` where the reader stands.
Who reconnects with the last id, as \`Last-Event-ID\` or in the query, gets what they missed, each once and in order; or
\`resync\`, when that is too much. Unknown events are to be ignored.`,
  transport: 'sse',
  security: ['session', 'bearer'],
  query: StreamQuery,
  server: events,
  frame: (_, data) => data,
}

/** The stream and every WebSocket, as an AsyncAPI 3.0 document. */
export function asyncApi(): object {
  const schemas = new Schemas('draft-07')
  const all = [stream, ...sockets.map((socket): Channel => ({ ...socket, transport: 'ws' }))]
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Rozmowa',
      version: packaged.version,
      description: 'What happens, as it happens. What can be asked and done stands in /api/openapi.json.',
    },
    defaultContentType: 'application/json',
    servers: servers(),
    channels: Object.fromEntries(all.map((each) => [each.name, channel(each, schemas)])),
    operations: Object.assign({}, ...all.map((each) => operations(each, schemas))),
    components: { schemas: schemas.named, securitySchemes },
  }
}

const securitySchemes = {
  session: { type: 'httpApiKey', in: 'cookie', name: cookieName },
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  token: { type: 'httpApiKey', in: 'query', name: 'token', description: 'An access token.' },
}

function servers(): Record<Channel['transport'], object> {
  const { host, protocol } = new URL(config.baseUrl)
  const http = protocol.slice(0, -1)
  return { sse: { host, protocol: http }, ws: { host, protocol: http.replace('http', 'ws') } }
}

function channel(of: Channel, schemas: Schemas): object {
  const { address, title, description, transport, query } = of
  return {
    address,
    title,
    ...(description && { description }),
    servers: [{ $ref: `#/servers/${transport}` }],
    messages: {
      ...messages('server', serverFrames(of), 'output', schemas),
      ...messages('client', clientFrames(of), 'input', schemas),
    },
    ...(transport === 'ws' && { bindings: { ws: opening(query, schemas) } }),
  }
}

type Frames = Record<string, z.ZodType>

const serverFrames = ({ server, frame }: Channel): Frames =>
  Object.fromEntries(Object.entries(server).map(([name, data]) => [name, frame(name, data)]))

function clientFrames({ client }: Channel): Frames {
  const options = (client?.options ?? []) as z.ZodObject[]
  return Object.fromEntries(
    options.map((frame) => {
      const name = frame.shape[client!.def.discriminator]
      return [name instanceof z.ZodLiteral ? String(name.value) : 'unknown', frame]
    }),
  )
}

const opening = (query: Channel['query'], schemas: Schemas) => ({
  method: 'GET',
  ...(query && { query: schemas.of(query, 'input') }),
})

/** Both sides may have a frame of the same name. */
const keyOf = (side: 'server' | 'client', name: string) => `${side}.${name}`

function messages(
  from: 'server' | 'client',
  frames: Frames,
  side: Side,
  schemas: Schemas,
): Record<string, { name: string; payload: Json }> {
  return Object.fromEntries(
    Object.entries(frames).map(([name, frame]) => [
      keyOf(from, name),
      { name, payload: schemas.of(frame, side) },
    ]),
  )
}

/** As we see it: what the server says is sent, what clients say is received. */
function operations(of: Channel, schemas: Schemas): Record<string, object> {
  const { name, title, security, transport, query } = of
  const operation = (action: 'send' | 'receive', side: 'server' | 'client', frames: Frames) => ({
    action,
    title: `${title}: what the ${side} says`,
    channel: { $ref: `#/channels/${name}` },
    security: security.map((scheme) => ({ $ref: `#/components/securitySchemes/${scheme}` })),
    messages: Object.keys(frames).map((frame) => ({
      $ref: `#/channels/${name}/messages/${keyOf(side, frame)}`,
    })),
    ...(transport === 'sse' && { bindings: { http: opening(query, schemas) } }),
  })
  return {
    [`${name}.send`]: operation('send', 'server', serverFrames(of)),
    ...(of.client && { [`${name}.receive`]: operation('receive', 'client', clientFrames(of)) }),
  }
}
