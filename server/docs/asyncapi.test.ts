import { expect, test } from 'vitest'
import { z } from 'zod'
import { startService } from '../testing/service.ts'

const { guest } = await startService()
const { events } = await import('../contract/events.ts')
const { sockets } = await import('../web/sockets.ts')

// Before the document is made for the first time.
sockets.push({
  name: 'example',
  address: '/example/ws',
  title: 'An example',
  security: ['token'],
  server: { 'message.created': z.object({ id: z.int() }) },
  frame: (event, data) => z.object({ event: z.literal(event), data }),
  client: z.discriminatedUnion('event', [
    z.object({ event: z.literal('ping'), times: z.int().default(1) }),
    z.object({ event: z.literal('bye') }),
  ]),
})
const { status, body: document } = await guest().get<string>('/api/asyncapi.json')

test('the document describes every event of the stream', () => {
  expect([status, document.asyncapi]).toEqual([200, '3.0.0'])
  const { address, messages } = document.channels.stream
  expect(address).toBe('/api/messages/stream')
  expect(Object.values<{ name: string }>(messages).map(({ name }) => name)).toEqual(Object.keys(events))
  expect(messages['server.new_message'].payload.properties.message).toEqual({
    $ref: '#/components/schemas/Message',
  })
})

test('a WebSocket that is added is described with the frames of both sides', () => {
  const { example } = document.channels
  expect(example).toMatchObject({ address: '/example/ws', servers: [{ $ref: '#/servers/ws' }] })
  expect(example.messages['server.message.created']).toMatchObject({
    name: 'message.created',
    payload: {
      properties: { event: { const: 'message.created' }, data: { properties: { id: { type: 'integer' } } } },
    },
  })
  expect(example.messages['client.ping'].payload).toMatchObject({
    properties: { times: { default: 1 } },
    required: ['event'],
  })
  expect(document.operations).toMatchObject({
    'example.send': {
      action: 'send',
      security: [{ $ref: '#/components/securitySchemes/token' }],
      messages: [{ $ref: '#/channels/example/messages/server.message.created' }],
    },
    'example.receive': {
      action: 'receive',
      messages: [
        { $ref: '#/channels/example/messages/client.ping' },
        { $ref: '#/channels/example/messages/client.bye' },
      ],
    },
  })
})

test('every reference leads somewhere', () => {
  const targets = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!)
  expect(targets.length).toBeGreaterThan(30)
  for (const target of targets)
    expect(
      target.split('/').reduce((at, key) => at?.[key], document),
      target,
    ).toBeTruthy()
})
