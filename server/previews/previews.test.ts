import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { afterEach, expect, test } from 'vitest'
import { download, picture } from '../testing/files.ts'
import { startService } from '../testing/service.ts'
import { stranger } from '../testing/stranger.ts'

const jpeg = await picture(1200, 600)
  .jpeg()
  .withExif({ IFD0: { Copyright: 'geheim' } })
  .toBuffer()
let meanwhile: () => unknown = () => {}

/** Pages named for what they are. */
const site = await stranger(async (req, res) => {
  const path = req.url!.split('?')[0]!
  await meanwhile()
  if (path === '/zdjecie') return res.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg)
  if (path === '/svg')
    return res
      .writeHead(200, { 'content-type': 'image/png' })
      .end('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  const image = path.startsWith('/bez')
    ? ''
    : `<meta property="og:image" content="${path === '/z-svg' ? '/svg' : '/zdjecie'}">`
  const title = `<meta property="og:title" content="Strona ${path}"><meta property="og:description" content="Opis">`
  res.writeHead(200, { 'content-type': 'text/html' }).end(`<head>${title}${image}`)
})
const { address, anna, bartek, celina } = await startService({
  LINK_PREVIEW_ALLOW_HOSTS: site.host,
  BASE_URL: 'http://rozmowa.test',
})
const { sql } = await import('../db/client.ts')
const { jobsLeft, workOff } = await import('../testing/jobs.ts')
const { previewMessage } = await import('./preview.ts')
const { pictures, tidyPictures } = await import('./pictures.ts')
const conversation = await anna.talkTo(bartek)
const stream = await bartek.listen()

const work = () => workOff({ preview: previewMessage, notify: async () => {} })
const jobs = async () => (await sql`select from rozmowa_jobs.jobs where task_identifier = 'preview'`).length
const now = async (id: number) =>
  (await bartek.get(`/api/conversations/${conversation}/messages?around_id=${id}`)).body.messages.find(
    (each: { id: number }) => each.id === id,
  )
const heard = (id: number) => stream.hear('message_updated', ({ message }) => message.id === id)
const keptPictures = () => readdirSync(join(process.env.DATA_DIR!, 'previews'))

afterEach(() => {
  meanwhile = () => {}
  site.asked.length = 0
})

test('a message with a link gets its preview, which comes to the other’s stream', async () => {
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

test('its picture is ours: made anew, small, and for members only', async () => {
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

test('of a page whose picture cannot be had only the words are shown', async () => {
  const message = await anna.say(conversation, `${site.address}/z-svg`)
  await work()
  expect((await heard(message.id)).message.link_preview).toMatchObject({
    title: 'Strona /z-svg',
    image: null,
  })
})

test.each([
  ['no link', 'nic'],
  ['a link to ourselves', 'http://rozmowa.test/wiadomosci/1'],
  ['a link with a token', `${site.address}/a?token=x`],
  ['a link in code', `<pre>${site.address}/a</pre>`],
])('%s costs nothing', async (_, content) => {
  await anna.say(conversation, content)
  expect(await jobs()).toBe(0)
})

test.each([
  ['not there', 'http://127.0.0.1:1/'],
  ['inside', 'http://10.0.0.1/'],
])('of an address that is %s there is none, and no job is left', async (_, url) => {
  const message = await anna.say(conversation, url)
  await work()
  expect([(await now(message.id)).link_preview, await jobsLeft()]).toEqual([null, 0])
})

test('who edits away the link takes its preview away, and another link gets another', async () => {
  const message = await anna.say(conversation, `${site.address}/a`)
  await work()
  const { image } = (await heard(message.id)).message.link_preview!
  await anna.patch(`/api/messages/${message.id}`, { content: `wciąż ${site.address}/a` })
  expect((await now(message.id)).link_preview.image).toBe(image)
  const edited = await anna.patch(`/api/messages/${message.id}`, { content: `teraz ${site.address}/b` })
  expect(edited.body.message.link_preview).toBeNull()
  expect((await heard(message.id)).message.link_preview).toBeNull()
  expect(keptPictures()).not.toContain(image!.split('/').at(-1))
  expect(await jobs()).toBe(1)
  await work()
  expect((await heard(message.id)).message.link_preview).toMatchObject({ title: 'Strona /b' })
})

test('what was edited or deleted while its page was read gets no preview, and no picture stays', async () => {
  const [first, second] = [
    await anna.say(conversation, `${site.address}/a`),
    await anna.say(conversation, `${site.address}/b`),
  ]
  const before = keptPictures()
  meanwhile = async () => {
    meanwhile = () => {}
    await anna.patch(`/api/messages/${first.id}`, { content: 'nic' })
    await anna.delete(`/api/messages/${second.id}`)
    await sleep(50)
  }
  await Promise.all([first, second].map(({ id }) => previewMessage({ message_id: id })))
  expect([(await now(first.id)).link_preview, (await now(second.id)).link_preview]).toEqual([null, null])
  expect(keptPictures()).toEqual(before)
  await work()
})

test('a deleted message leaves no picture behind, unless it was sent on', async () => {
  const message = await anna.say(conversation, `${site.address}/a`)
  await work()
  const { image } = (await heard(message.id)).message.link_preview!
  const forwarded = await anna.post(`/api/messages/${message.id}/forward`, {
    conversation_ids: [conversation],
  })
  await anna.delete(`/api/messages/${message.id}`)
  expect((await bartek.get(image!)).status).toBe(200)
  await anna.delete(`/api/messages/${forwarded.body.messages[0].id}`)
  expect((await bartek.get(image!)).status).toBe(404)
  expect(keptPictures()).not.toContain(image!.split('/').at(-1))
})

test('the sender removes a preview, and an edit does not bring it back', async () => {
  const message = await anna.say(conversation, `${site.address}/a`)
  await work()
  const { image } = (await heard(message.id)).message.link_preview!
  const path = `/api/messages/${message.id}/preview`
  expect((await bartek.delete(path)).status).toBe(403)
  expect((await anna.delete(path)).status).toBe(204)
  const { message: updated } = await heard(message.id)
  expect(updated).toMatchObject({ link_preview: null, edited_at: null })
  expect(keptPictures()).not.toContain(image!.split('/').at(-1))
  expect((await anna.delete(path)).status).toBe(204)
  expect((await now(message.id)).seq).toBe(updated.seq)
  for (const content of [`znów ${site.address}/a`, `${site.address}/b`, `${site.address}/a`]) {
    await anna.patch(`/api/messages/${message.id}`, { content })
    await work()
    expect((await now(message.id)).link_preview?.url).toBe(
      content.endsWith('b') ? `${site.address}/b` : undefined,
    )
  }
})

test('a preview can be removed before it is there', async () => {
  const message = await anna.say(conversation, `${site.address}/a`)
  await anna.delete(`/api/messages/${message.id}/preview`)
  await work()
  expect([(await now(message.id)).link_preview, site.asked]).toEqual([null, []])
})

test('the nightly tidying removes pictures that no message shows', async () => {
  const message = await anna.say(conversation, `${site.address}/a`)
  await work()
  const kept = (await heard(message.id)).message.link_preview!.image!.split('/').at(-1)!
  await sql`update messages set link_preview = null where id <> ${message.id}`
  const { utimes } = await import('node:fs/promises')
  for (const name of keptPictures()) await utimes(join(process.env.DATA_DIR!, 'previews', name), 0, 0)
  await tidyPictures()
  expect(keptPictures()).toEqual([kept])
  expect(await pictures.size(kept)).toBeGreaterThan(0)
})
