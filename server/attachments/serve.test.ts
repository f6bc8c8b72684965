import { expect, test } from 'vitest'
import { download, openXml, picture, upload, zip } from '../testing/files.ts'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, address, guest } = await startService()
const png = await picture(40, 30).png().toBuffer()
const { body: group } = await anna.post('/api/conversations', {
  name: 'Zdjęcia',
  member_ids: [bartek.id, celina.id],
})
const conversation: number = group.conversation.id

async function send(content: string | Buffer, name: string, to = conversation) {
  const { attachment } = (await upload(anna, content, name)).body
  const message = await anna.say(to, '', { attachment_ids: [attachment.id] })
  return { ...attachment, message }
}
const statuses = (path: string, ...people: Person[]) =>
  Promise.all(people.map(async (person) => (await download(address, person, path)).answer.status))

test('until it is sent, only its uploader can read a file', async () => {
  const { attachment } = (await upload(anna, png, 'a.png')).body
  for (const path of [attachment.url, attachment.thumbnail_url!])
    expect(await statuses(path, anna, bartek, dawid, guest())).toEqual([200, 404, 404, 401])
  const stolen = await bartek.post(`/api/conversations/${conversation}/messages`, {
    content: '',
    attachment_ids: [attachment.id],
  })
  expect(stolen.status).toBe(400)
})

test('once sent, a file can be read by current members of its conversation', async () => {
  const { url, thumbnail_url, message, ...attachment } = await send(png, 'a.png')
  expect(message.attachments).toEqual([{ ...attachment, url, thumbnail_url }])
  for (const path of [url, thumbnail_url!])
    expect(await statuses(path, anna, bartek, celina, dawid, guest())).toEqual([200, 200, 200, 404, 401])
  const etag = (await download(address, celina, url)).answer.headers.get('etag')!
  await anna.delete(`/api/conversations/${conversation}/members/${celina.id}`)
  expect(await statuses(url, bartek, celina)).toEqual([200, 404])
  const again = await download(address, celina, url, { 'if-none-match': etag, 'cache-control': 'max-age=0' })
  expect(again.answer.status).toBe(404)
})

test('deleting a message removes its files', async () => {
  const { url, thumbnail_url, message } = await send(png, 'a.png')
  expect((await anna.delete(`/api/messages/${message.id}`)).status).toBe(204)
  for (const path of [url, thumbnail_url!]) expect(await statuses(path, anna, bartek)).toEqual([404, 404])
})

test('a portal’s old files are not served', async () => {
  const { sql } = await import('../db/client.ts')
  const [row] = await sql<{ id: number }[]>`
    insert into message_attachments (filename, stored_filename, mime_type, file_size)
    values ('stary.pdf', 'stary', 'application/pdf', 1) returning id`
  expect(await statuses(`/api/attachments/${row!.id}`, anna)).toEqual([404])
})

test('only images have thumbnails', async () => {
  const { url, thumbnail_url } = await send('tekst', 'a.txt')
  expect(thumbnail_url).toBeNull()
  expect(await statuses(`${url}/thumbnail`, anna)).toEqual([404])
})

test.each<[string, string | Buffer, string, RegExp]>([
  ['an image', png, 'obraz 1.png', /^inline; filename="obraz 1.png"$/],
  ['a text', 'tekst', 'zażółć.txt', /^attachment; filename="za\?\?\?\?\.txt"; filename\*=UTF-8''za%C5%BC/i],
  ['a document', '%PDF-1.7 <script>alert(1)</script>', 'a.pdf', /^attachment; filename=a\.pdf$/],
  ['an archive', zip({ 'a.html': '<script>' }), 'a.zip', /^attachment; /],
  [
    'an office document',
    openXml('application/vnd.openxmlformats-officedocument.wordprocessingml.document'),
    'a X-Evil: 1\u202e.docx',
    /^attachment; filename="a X-Evil: 1.docx"$/,
  ],
])('%s never runs in our origin', async (_, content, name, disposition) => {
  const { url, mime_type } = await send(content, name)
  const { answer } = await download(address, bartek, url)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': mime_type === 'text/plain' ? 'text/plain; charset=utf-8' : mime_type,
    'x-content-type-options': 'nosniff',
    'content-security-policy':
      "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-cache',
  })
  expect(answer.headers.get('content-disposition')).toMatch(disposition)
  expect(answer.headers.has('x-evil')).toBe(false)
})

const text = '0123456789'.repeat(100)
const whole = await send(text, 'a.txt')

test.each<[string, string, number, string | null, string]>([
  ['the first', 'bytes=0-9', 206, 'bytes 0-9/1000', '0123456789'],
  ['the middle', 'bytes=995-996', 206, 'bytes 995-996/1000', '56'],
  ['the rest', 'bytes=998-', 206, 'bytes 998-999/1000', '89'],
  ['the last', 'bytes=-3', 206, 'bytes 997-999/1000', '789'],
  ['more than there is', 'bytes=998-5000', 206, 'bytes 998-999/1000', '89'],
  ['several', 'bytes=0-1,5-6', 200, null, text],
  ['no bytes', 'items=0-1', 200, null, text],
  ['nonsense', 'bytes=a-b', 200, null, text],
])('ranges: %s', async (_, range, status, contentRange, content) => {
  const { answer, bytes } = await download(address, bartek, whole.url, { range })
  expect([answer.status, answer.headers.get('content-range'), bytes.toString()]).toEqual([
    status,
    contentRange,
    content,
  ])
  expect(answer.headers.get('accept-ranges')).toBe('bytes')
})

test('a range beyond the end is answered with the size', async () => {
  for (const range of ['bytes=1000-', 'bytes=5000-6000', 'bytes=-0']) {
    const { answer } = await download(address, bartek, whole.url, { range })
    expect([answer.status, answer.headers.get('content-range')], range).toEqual([416, 'bytes */1000'])
  }
})

test('a file that the browser has cached is not sent again', async () => {
  const first = await download(address, bartek, whole.url)
  const etag = first.answer.headers.get('etag')!
  const again = await download(address, bartek, whole.url, {
    'if-none-match': etag,
    // Otherwise fetch asks for a fresh copy.
    'cache-control': 'max-age=0',
  })
  expect([again.answer.status, again.bytes.length]).toEqual([304, 0])
  const range = 'bytes=0-1'
  const same = await download(address, bartek, whole.url, { range, 'if-range': etag })
  expect(same.bytes.toString()).toBe('01')
  const other = await download(address, bartek, whole.url, { range, 'if-range': '"another"' })
  expect(other.answer.status).toBe(200)
  const head = await fetch(address + whole.url, { method: 'HEAD', headers: { cookie: bartek.cookie } })
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000'])
})

test('a client that hangs up half-way does no harm', async () => {
  const { url } = await send('a'.repeat(20 * 1024 * 1024), 'długi.txt')
  for (let i = 0; i < 5; i++) {
    const controller = new AbortController()
    const answer = await fetch(address + url, { headers: { cookie: anna.cookie }, signal: controller.signal })
    await answer.body!.getReader().read()
    controller.abort()
  }
  expect(await statuses(url, anna)).toEqual([200])
})
