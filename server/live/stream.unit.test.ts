import type { Response } from 'express'
import { expect, test } from 'vitest'
import { writeCursor } from './cursor.ts'
import { frame } from './envelope.ts'
import { type Source, useSource } from './source.ts'
import { Stream } from './stream.ts'
import { cursor, lookNow, startWatching, stopWatching } from './watch.ts'

test('what waits for its turn keeps the id of when it was told, whatever is found meanwhile', async () => {
  let xmin = 100n
  useSource({
    changedSince: async () => ({
      cursor: { epoch: '00000000', xmin: xmin++, time: 0 },
      history: 'h',
      changed: [],
    }),
  } as unknown as Source)
  await startWatching({ userIds: () => [], settle: async () => true, restored: () => {} })
  let written = ''
  const write = (chunk: Buffer) => {
    written += chunk
  }
  const res = { writeHead() {}, write, writableLength: 0 } as unknown as Response
  const stream = new Stream(res, { id: 'a', session: 'b', isPage: true })
  const missedSince = { epoch: '00000000', xmin: 7n, time: 0 }
  stream.begin(1, missedSince)
  const then = writeCursor(cursor!)
  const removed = (conversation_id: number) => frame('conversation_removed', { conversation_id })
  stream.tell(removed(1))
  stream.tell(removed(2))
  for (let looks = 0; looks < 3; looks++) await lookNow()
  stream.goLive()
  stream.tell(removed(3))
  await stopWatching()
  const ids = [...written.matchAll(/^id: (.*)\nevent: (.*)$/gm)].map(([, id, event]) => [event, id])
  expect(ids).toEqual([
    ['connected', writeCursor(missedSince)],
    ['conversation_removed', then],
    ['conversation_removed', then],
    ['conversation_removed', writeCursor(cursor!)],
  ])
  expect(writeCursor(cursor!)).not.toBe(then)
})

test.each([
  ['our own page, which sees no comments, an event as well', true, ':\nevent: heartbeat\ndata: {}\n\n'],
  ['a program a comment alone', false, ':\n\n'],
])('as a sign of life it writes to %s', (_, isPage, expected) => {
  const written: string[] = []
  const res = { write: (chunk: Buffer) => written.push(`${chunk}`), writableLength: 0 } as unknown as Response
  new Stream(res, { id: 'a', session: 'b', isPage }).beat()
  expect(written).toEqual([expected])
})
