import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, expect, test } from 'vitest'
import { download, picture, pngBomb } from '../testing/files.ts'
import { startService } from '../testing/service.ts'
import { stranger } from '../testing/stranger.ts'

const jpeg = await picture(1200, 600)
  .jpeg()
  .withExif({ IFD0: { Copyright: 'geheim' } })
  .toBuffer()
/** Files that are not pictures. */
const wrong: Record<string, string | Buffer> = {
  '/svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
  '/bomba': pngBomb(50_000, 50_000),
  '/strona': '<title>x</title>',
  '/uciety': jpeg.subarray(0, 500),
  '/za-duzy': Buffer.concat([jpeg, Buffer.alloc(6 * 1024 * 1024)]),
}

/** The same picture from servers that do not know its type. */
const plain: Record<string, string> = {
  '/plik': 'application/octet-stream',
  '/binarny': 'binary/octet-stream; charset=binary',
  '/inny': 'image/png',
  '/bez-typu': '',
}

const site = await stranger((req, res) => {
  const path = req.url!.split('?')[0]!
  if (path === '/zdjecie') return res.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg)
  if (Object.hasOwn(plain, path))
    return res.writeHead(200, plain[path] ? { 'content-type': plain[path] } : {}).end(jpeg)
  if (Object.hasOwn(wrong, path)) return res.writeHead(200, { 'content-type': 'image/png' }).end(wrong[path])
  if (path === '/pusta') return res.writeHead(500).end()
  const image = new URL(req.url!, 'http://x').searchParams.get('image') ?? '/zdjecie'
  res.writeHead(200, { 'content-type': 'text/html' }).end(`<meta property="og:title" content="Strona ${path}">
    <meta property="og:description" content="Opis"><meta property="og:image" content="${image}">`)
})
const { address, anna, bartek, celina } = await startService({
  LINK_PREVIEW_ALLOW_HOSTS: site.host,
  BASE_URL: 'http://rozmowa.test',
})
const { sql } = await import('../db/client.ts')
const { jobsLeft, workOff } = await import('../testing/jobs.ts')
const { previewMessage } = await import('./preview.ts')
const { pictures } = await import('../messages/link-preview.ts')
const { tidyPictures } = await import('./pictures.ts')
const conversation = await anna.talkTo(bartek)
const stream = await bartek.listen()

const work = () => workOff({ preview: previewMessage, notify: async () => {} })
const jobs = async () => (await sql`select from rozmowa_jobs.jobs where task_identifier = 'preview'`).length
const now = async (id: number) =>
  (await bartek.get(`/api/conversations/${conversation}/messages?around_id=${id}`)).body.messages.find(
    (each) => each.id === id,
  )!
const heard = (id: number) => stream.hear('message_updated', ({ message }) => message.id === id)
const keptPictures = () => readdirSync(join(process.env.DATA_DIR!, 'previews'))

afterEach(() => {
  site.asked.length = 0
})

test('a message with a link gets a preview, which is published to the other member', async () => {
  const message = await anna.say(conversation, `Patrz ${site.address}/a, i ${site.address}/b`)
  expect([message.link_preview, await jobs()]).toEqual([null, 1])
  await work()
  const { seq, conversation_id, message: updated } = await heard(message.id)
  expect(updated.link_preview).toEqual({
    url: `${site.address}/a`,
    title: 'Strona /a',
    description: 'Opis',
    image: expect.stringMatching(/^\/api\/previews\/[\da-f-]{36}$/),
  })
  expect([conversation_id, seq, updated.seq]).toEqual([conversation, message.seq + 1, message.seq + 1])
  expect(updated.edited_at).toBeNull()
  expect(site.asked).toEqual(['/a', '/zdjecie'])
  expect(await now(message.id)).toEqual(updated)
  await previewMessage({ message_id: message.id })
  expect([(await now(message.id)).seq, site.asked.length]).toEqual([updated.seq, 2])
})

test('its picture is re-encoded, small, and for members only', async () => {
  const message = await anna.say(conversation, `${site.address}/a`)
  await work()
  const { image } = (await heard(message.id)).message.link_preview!
  const { answer, bytes } = await download(address, bartek, image!)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp'])
  const { width, height, format, exif } = await sharp(bytes).metadata()
  expect({ width, height, format, exif }).toEqual({
    width: 640,
    height: 320,
    format: 'webp',
    exif: undefined,
  })
  expect((await celina.get(image!)).status).toBe(404)
  expect((await bartek.get(`/api/previews/${crypto.randomUUID()}`)).status).toBe(404)
  expect((await bartek.get('/api/previews/..%2f..%2fx')).status).toBe(400)
})

test.each([...Object.keys(wrong), 'http://10.0.0.1/x.png', '/nie-obraz'])(
  'of a page whose picture is %s only the words are shown',
  async (image) => {
    const before = keptPictures()
    const message = await anna.say(conversation, `${site.address}/z-obrazem?image=${image}`)
    await work()
    const { message: updated } = await heard(message.id)
    expect(updated.link_preview).toMatchObject({ title: 'Strona /z-obrazem', image: null })
    expect(keptPictures()).toEqual(before)
  },
)

test('a URL posted many times is fetched once, and each message has a picture of its own', async () => {
  const post = (i: number) => anna.say(conversation, `${site.address}/znana#${i}`)
  const messages = await Promise.all(Array.from({ length: 30 }, (_, i) => post(i)))
  await work()
  for (let i = 30; i < 60; i++) messages.push(await post(i))
  await work()
  expect(site.asked).toEqual(['/znana', '/zdjecie'])
  const found = await Promise.all(messages.map(({ id }) => now(id)))
  expect(found.map(({ link_preview }) => [link_preview!.title, link_preview!.url.split('#')[0]])).toEqual(
    Array(60).fill(['Strona /znana', `${site.address}/znana`]),
  )
  const [first, second] = found.map(({ link_preview }) => link_preview!.image!)
  await anna.delete(`/api/messages/${messages[0]!.id}/preview`)
  expect([(await bartek.get(first!)).status, (await bartek.get(second!)).status]).toEqual([404, 200])
})

test('a URL that fails is not fetched again at once', async () => {
  for (let i = 0; i < 20; i++) await anna.say(conversation, `${site.address}/pusta?title=`)
  await work()
  expect(site.asked).toEqual(['/pusta?title='])
})

test.each(Object.keys(plain))('a picture is recognized by its content: %s', async (image) => {
  const message = await anna.say(conversation, `${site.address}/a?image=${image}`)
  await work()
  expect((await heard(message.id)).message.link_preview!.image).toMatch(/^\/api\/previews\//)
})

test.each([
  ['no link', 'nic'],
  ['a link to ourselves', 'http://rozmowa.test/wiadomosci/1'],
  ['a link with a token', `${site.address}/a?token=x`],
  ['a link in code', `<pre>${site.address}/a</pre>`],
])('%s causes no request', async (_, content) => {
  await anna.say(conversation, content)
  expect(await jobs()).toBe(0)
})

test.each([
  ['not there', 'http://127.0.0.1:1/'],
  ['inside', 'http://10.0.0.1/'],
])('a URL that is %s gets no preview, and leaves no job', async (_, url) => {
  const message = await anna.say(conversation, url)
  await work()
  expect([(await now(message.id)).link_preview, await jobsLeft()]).toEqual([null, 0])
})

test('the nightly clean-up removes pictures that no message shows', async () => {
  const message = await anna.say(conversation, `${site.address}/a`)
  await work()
  const kept = (await heard(message.id)).message.link_preview!.image!.split('/').at(-1)!
  const [gone] = await sql<[{ name: string }]>`
    update messages m set link_preview = null from (
      select id, link_preview ->> 'image' as image from messages
      where link_preview ->> 'image' is not null and id <> ${message.id} order by id limit 1) before
    where m.id = before.id returning split_part(before.image, '/', 4) as name`
  expect(keptPictures()).toContain(gone.name)
  const { utimes } = await import('node:fs/promises')
  for (const name of keptPictures()) await utimes(join(process.env.DATA_DIR!, 'previews', name), 0, 0)
  await tidyPictures()
  expect(keptPictures()).toContain(kept)
  expect(keptPictures()).not.toContain(gone.name)
  expect(await pictures.size(kept)).toBeGreaterThan(0)
})
