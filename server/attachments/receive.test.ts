import { once } from 'node:events'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { filesOnDisk, part, said, upload, uploadRaw } from '../testing/files.ts'
import { startService } from '../testing/service.ts'

const maxBytes = 1_000_000
const { anna, address, guest } = await startService({ UPLOAD_MAX_BYTES: `${maxBytes}` })

/** Nothing is left on the disk, and the service still works. */
async function expectNothingLeft(before: string[]) {
  await expect.poll(() => filesOnDisk()).toEqual(before)
  expect((await anna.get('/healthz')).status).toBe(200)
}

const file = (content: string) => part('name="file"; filename="a.txt"', content)
const end = '--xxx--\r\n'

test.each<[string, string, string?]>([
  ['no part', end],
  ['nothing at all', ''],
  ['an empty file', file('') + end],
  ['another field', part('name="upload"; filename="a.txt"', 'a') + end],
  ['a nested field', part(`name="${'a[b]'.repeat(1000)}"; filename="a.txt"`, 'a') + end],
  ['a field without a name', part('filename="a.txt"', 'a') + end],
  ['text in the field', part('name="file"', 'a') + end],
  ['a text besides', file('a') + part('name="b"', 'b') + end],
  ['two files', file('a') + file('b') + end],
  ['10,000 parts', file('a').repeat(10_000) + end],
  ['10,000 texts', part('name="b"', 'b').repeat(10_000) + end],
  ['10,000 headers', `--xxx\r\n${'A: b\r\n'.repeat(10_000)}\r\na\r\n${end}`],
  ['no headers', `--xxx\r\n\r\na\r\n${end}`],
  ['no end', file('a')],
  [
    'an end within the file',
    '--xxx\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nabc',
  ],
  ['an end within the headers', '--xxx\r\nContent-Disposition: form-da'],
  ['another boundary', file('a').replaceAll('xxx', 'yyy') + end.replace('xxx', 'yyy')],
  ['no boundary', file('a') + end, 'multipart/form-data'],
  ['an empty boundary', file('a') + end, 'multipart/form-data; boundary='],
  ['bytes of no meaning', '\0\x01--xxx\0\r\n--xxx'],
])('a body with %s is malformed', async (_, body, type) => {
  const before = filesOnDisk()
  expect(said(await uploadRaw(anna, body, type))).toEqual([400, 'validation_failed'])
  await expectNothingLeft(before)
})

test.each([
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/mixed; boundary=xxx',
])('a body of type %s is not an upload', async (type) => {
  const body = type === 'application/json' ? '{}' : file('a') + end
  expect(said(await uploadRaw(anna, body, type))).toEqual([415, 'unsupported_media_type'])
})

test('an upload needs a signed-in user, and must come from this site', async () => {
  const before = filesOnDisk()
  expect((await upload(guest(), 'a', 'a.txt')).status).toBe(401)
  const body = file('a') + end
  const headers = { 'content-type': 'multipart/form-data; boundary=xxx', 'sec-fetch-site': 'cross-site' }
  expect((await anna.request('POST', '/api/messages/upload', { body, headers })).status).toBe(403)
  await expectNothingLeft(before)
})

test('a file of the maximum size is accepted, one byte more is too large', async () => {
  expect((await upload(anna, 'a'.repeat(maxBytes), 'a.txt')).status).toBe(201)
  const before = filesOnDisk()
  expect(said(await upload(anna, 'a'.repeat(maxBytes + 1), 'a.txt'))).toEqual([413, 'payload_too_large'])
  expect(said(await upload(anna, 'a'.repeat(maxBytes * 10), 'a.txt'))).toEqual([413, 'payload_too_large'])
  await expectNothingLeft(before)
})

/** Begins an upload without a content length. */
function beginUpload(start: string) {
  const headers = { cookie: anna.cookie, 'content-type': 'multipart/form-data; boundary=xxx' }
  const sending = request(`${address}/api/messages/upload`, { method: 'POST', headers })
  sending.on('error', () => {})
  sending.write(start)
  return sending
}

test('a file that is too large is refused while it is being sent', async () => {
  const before = filesOnDisk()
  const sending = beginUpload(file('a'.repeat(maxBytes + 1)).slice(0, -2))
  const [answer] = await once(sending, 'response')
  expect(answer.statusCode).toBe(413)
  sending.destroy()
  await expectNothingLeft(before)
})

test.each(['the headers', 'the file'])(
  'an upload interrupted within %s leaves nothing behind',
  async (where) => {
    const before = filesOnDisk()
    const body = file('a'.repeat(maxBytes - 10))
    const sending = beginUpload(body.slice(0, where === 'the file' ? maxBytes - 1000 : 30))
    await sleep(100)
    if (where === 'the file') expect(filesOnDisk().length).toBe(before.length + 1)
    sending.destroy()
    await expectNothingLeft(before)
  },
)

test('fifty uploads interrupted at once leave nothing behind', async () => {
  const before = filesOnDisk()
  const all = Array.from({ length: 50 }, () =>
    beginUpload(file('a'.repeat(maxBytes - 10)).slice(0, maxBytes - 1000)),
  )
  await sleep(200)
  for (const sending of all) sending.destroy()
  await expectNothingLeft(before)
})
