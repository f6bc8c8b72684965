import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { picture } from '../testing/files.ts'
import { startService } from '../testing/service.ts'
import { stranger } from '../testing/stranger.ts'

const jpeg = await picture(100, 50).jpeg().toBuffer()
let meanwhile: () => unknown = () => {}
const site = await stranger(async (req, res) => {
  await meanwhile()
  if (req.url === '/zdjecie') return res.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg)
  res
    .writeHead(200, { 'content-type': 'text/html' })
    .end(`<title>Strona ${req.url}</title><meta property="og:image" content="/zdjecie">`)
})
const { anna, bartek } = await startService({ LINK_PREVIEW_ALLOW_HOSTS: site.host })
const { sql } = await import('../db/client.ts')
const { workOff } = await import('../testing/jobs.ts')
const { previewMessage } = await import('./preview.ts')
const conversation = await anna.talkTo(bartek)
const stream = await bartek.listen()

const work = () => workOff({ preview: previewMessage, notify: async () => {} })
const jobs = async () => (await sql`select from rozmowa_jobs.jobs where task_identifier = 'preview'`).length
const now = async (id: number) =>
  (await bartek.get(`/api/conversations/${conversation}/messages?around_id=${id}`)).body.messages.find(
    (each) => each.id === id,
  )
const heard = (id: number) => stream.hear('message_updated', ({ message }) => message.id === id)
const keptPictures = () => readdirSync(join(process.env.DATA_DIR!, 'previews'))

afterEach(() => {
  meanwhile = () => {}
  site.asked.length = 0
})

test('editing out the link removes its preview, and another link gets another preview', async () => {
  const message = await anna.say(conversation, `${site.address}/a`)
  await work()
  const { image } = (await heard(message.id)).message.link_preview!
  await anna.patch(`/api/messages/${message.id}`, { content: `wciąż ${site.address}/a` })
  expect((await now(message.id))!.link_preview!.image).toBe(image)
  const edited = await anna.patch(`/api/messages/${message.id}`, { content: `teraz ${site.address}/b` })
  expect(edited.body.message.link_preview).toBeNull()
  expect((await heard(message.id)).message.link_preview).toBeNull()
  expect(keptPictures()).not.toContain(image!.split('/').at(-1))
  expect(await jobs()).toBe(1)
  await work()
  expect((await heard(message.id)).message.link_preview).toMatchObject({ title: 'Strona /b' })
})

test('a message edited or deleted while its page is fetched gets no preview, and leaves no picture', async () => {
  const [first, second] = [
    await anna.say(conversation, `${site.address}/c`),
    await anna.say(conversation, `${site.address}/d`),
  ]
  const before = keptPictures()
  meanwhile = async () => {
    meanwhile = () => {}
    await anna.patch(`/api/messages/${first.id}`, { content: 'nic' })
    await anna.delete(`/api/messages/${second.id}`)
    await sleep(50)
  }
  await Promise.all([first, second].map(({ id }) => previewMessage({ message_id: id })))
  expect([(await now(first.id))!.link_preview, (await now(second.id))!.link_preview]).toEqual([null, null])
  expect(keptPictures()).toEqual(before)
  await work()
})

test('a deleted message leaves no picture behind, unless it was forwarded', async () => {
  const message = await anna.say(conversation, `${site.address}/a`)
  await work()
  const { image } = (await heard(message.id)).message.link_preview!
  const forwarded = await anna.post(`/api/messages/${message.id}/forward`, {
    conversation_ids: [conversation],
  })
  await anna.delete(`/api/messages/${message.id}`)
  expect((await bartek.get(image!)).status).toBe(200)
  await anna.delete(`/api/messages/${forwarded.body.messages[0]!.id}`)
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
  expect((await now(message.id))!.seq).toBe(updated.seq)
  for (const content of [`znów ${site.address}/a`, `${site.address}/b`, `${site.address}/a`]) {
    await anna.patch(`/api/messages/${message.id}`, { content })
    await work()
    expect((await now(message.id))!.link_preview?.url).toBe(
      content.endsWith('b') ? `${site.address}/b` : undefined,
    )
  }
})

test('a preview can be removed before it has been fetched', async () => {
  const message = await anna.say(conversation, `${site.address}/a`)
  await anna.delete(`/api/messages/${message.id}/preview`)
  await work()
  expect([(await now(message.id))!.link_preview, site.asked]).toEqual([null, []])
})
