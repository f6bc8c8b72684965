import { expect, test } from 'vitest'
import type { SharedKind, SharedPage } from '../contract/shared.ts'
import { picture, upload } from '../testing/files.ts'
import { flood } from '../testing/flood.ts'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina } = await startService()
const { sql } = await import('../db/client.ts')

const newGroup = async (): Promise<number> =>
  (await anna.post('/api/conversations', { name: 'Grupa', member_ids: [bartek.id] })).body.conversation.id
const page = async (id: number, kind: SharedKind, more = '', who: Person = bartek): Promise<SharedPage> =>
  (await who.get(`/api/conversations/${id}/files?kind=${kind}${more}`)).body
const linksIn = async (id: number) => (await page(id, 'links')).items.map(({ url }) => url)
const namesIn = async (id: number, kind: 'images' | 'files') =>
  (await page(id, kind)).items.map(({ attachment }) => attachment?.filename)

const photo = await picture(40, 30).png().toBuffer()
async function share(id: number, ...files: [name: string, content: string | Uint8Array][]) {
  const attachment_ids: number[] = []
  for (const [name, content] of files)
    attachment_ids.push((await upload(anna, content, name)).body.attachment.id)
  return anna.say(id, '', { attachment_ids })
}

test('pictures and other files are found apart, the newest first, in the shape of the contract', async () => {
  const id = await newGroup()
  await share(id, ['lato.png', photo], ['plan.txt', 'Plan'])
  const second = await share(id, ['zima.png', photo], ['wiosna.png', photo])
  expect(await namesIn(id, 'images')).toEqual(['wiosna.png', 'zima.png', 'lato.png'])
  expect(await namesIn(id, 'files')).toEqual(['plan.txt'])
  const [item] = (await page(id, 'images')).items
  expect(item).toEqual({
    message_id: second.id,
    created_at: second.created_at,
    attachment: second.attachments[1],
  })
  expect(await page(id, 'files')).toMatchObject({ has_more: false, next_cursor: null })
})

test('a link has the title of its preview, which is of the first in its message', async () => {
  const id = await newGroup()
  const message = await anna.say(id, 'https://a.example.org/x i www.b.example.org, i https://a.example.org/x')
  await sql`update messages set link_preview = '{"url": "x", "title": "Strona A"}' where id = ${message.id}`
  expect((await page(id, 'links')).items).toEqual([
    {
      message_id: message.id,
      created_at: message.created_at,
      url: 'https://a.example.org/x',
      title: 'Strona A',
    },
    { message_id: message.id, created_at: message.created_at, url: 'https://www.b.example.org' },
  ])
})

test.each([
  ['https://example.org/a?b=1&c=2', 'https://example.org/a?b=1&c=2'],
  ['HTTP://EXAMPLE.ORG', 'HTTP://EXAMPLE.ORG'],
  ['(zob. pzw.waw.pl)', 'https://pzw.waw.pl'],
  ['łódź.pl', 'https://łódź.pl'],
  ['youtu.be/abc', 'https://youtu.be/abc'],
  ['example.co.uk', 'https://example.co.uk'],
  ['<p><a href="https://example.org/regulamin">Regulamin</a></p>', 'https://example.org/regulamin'],
  ['<p><a href="example.de">tu</a></p>', 'https://example.de'],
  ['<ul><li>example.net</li></ul>', 'https://example.net'],
  ['jan@example.org', undefined],
  ['tel. 600 100 200', undefined],
  ['<pre>https://example.org</pre>', undefined],
  ['jutro.Do zobaczenia', undefined],
])('of the message %j the link is %s', async (content, url) => {
  const id = await newGroup()
  await anna.say(id, content)
  expect(await linksIn(id)).toEqual(url === undefined ? [] : [url])
})

test('what is deleted, edited out or forwarded is gone or there at once', async () => {
  const [id, other] = [await newGroup(), await newGroup()]
  const shared = await share(id, ['lato.png', photo], ['plan.txt', 'Plan'])
  const said = await anna.say(id, 'https://example.org/1')
  await anna.post(`/api/messages/${shared.id}/forward`, { conversation_ids: [other] })
  expect([await namesIn(other, 'images'), await namesIn(other, 'files')]).toEqual([
    ['lato.png'],
    ['plan.txt'],
  ])
  await anna.patch(`/api/messages/${said.id}`, { content: 'https://example.org/2' })
  expect(await linksIn(id)).toEqual(['https://example.org/2'])
  await anna.patch(`/api/messages/${said.id}`, { content: 'nic' })
  expect(await linksIn(id)).toEqual([])
  await anna.patch(`/api/messages/${said.id}`, { content: 'https://example.org/3' })
  for (const message of [shared, said]) await anna.delete(`/api/messages/${message.id}`)
  for (const kind of ['images', 'files', 'links'] as const)
    expect(await page(id, kind)).toEqual({ items: [], has_more: false, next_cursor: null })
  expect(await namesIn(other, 'images')).toEqual(['lato.png'])
})

test.each([
  ['images', async (id: number) => share(id, ['a.png', photo], ['b.png', photo], ['c.png', photo])],
  ['files', async (id: number) => share(id, ['a.txt', 'a'], ['b.txt', 'b'], ['c.txt', 'c'])],
  ['links', async (id: number) => anna.say(id, 'https://example.org/a https://example.org/b www.c.pl')],
] as const)('pages of %s are cut anywhere and lose nothing', async (kind, send) => {
  const id = await newGroup()
  for (let times = 0; times < 3; times++) await send(id)
  const whole = await page(id, kind)
  expect(whole.items).toHaveLength(9)
  for (const limit of [1, 2, 4]) {
    const read: SharedPage['items'] = []
    let cursor: string | null = ''
    for (let pages = 0; cursor !== null; pages++) {
      expect(pages).toBeLessThan(10)
      const next: SharedPage = await page(id, kind, `&limit=${limit}${cursor && `&cursor=${cursor}`}`)
      read.push(...next.items)
      cursor = next.next_cursor
      expect(next.has_more).toBe(cursor !== null)
    }
    expect(read).toEqual(whole.items)
  }
})

test('a link behind many long messages that only look as if they had one is still reached', async () => {
  const id = await newGroup()
  await anna.say(id, 'https://example.org/dawno')
  const code = `<pre>https://example.org ${'x'.repeat(19_000)}</pre>`
  for (let times = 0; times < 40; times++) await anna.say(id, code)
  const { items } = await page(id, 'links', '&limit=1')
  expect(items.map(({ url }) => url)).toEqual(['https://example.org/dawno'])
})

test('what a removed message took with it belongs to no conversation any more', async () => {
  const id = await newGroup()
  const { id: messageId } = await share(id, ['lato.png', photo])
  const ofMessage = () =>
    sql<{ conversation_id: number | null }[]>`
      select conversation_id from message_attachments where filename = 'lato.png' and uploader_id = ${anna.id}
      order by id desc limit 1`
  expect(await ofMessage()).toEqual([{ conversation_id: id }])
  await sql`update message_attachments set new_message_id = null where new_message_id = ${messageId}`
  expect(await ofMessage()).toEqual([{ conversation_id: null }])
})

test.each([
  ['no kind', ''],
  ['another kind', '?kind=music'],
  ['too many', '?kind=files&limit=101'],
  ['a cursor of nobody', '?kind=files&cursor=abc'],
  ['a cursor of another list', `?kind=links&cursor=${Buffer.from('["Anna",1]').toString('base64url')}`],
])('%s is refused', async (_, query) => {
  const id = await newGroup()
  const { status, body } = await anna.get(`/api/conversations/${id}/files${query}`)
  expect([status, body.code]).toEqual([400, 'validation_failed'])
})

test('nobody else sees any of it, and it is asked of the indexes alone, however much is there', async () => {
  const id = await newGroup()
  await flood(id, anna.id, 3000)
  for (const kind of ['images', 'files', 'links'] as const)
    expect((await celina.get(`/api/conversations/${id}/files?kind=${kind}`)).status).toBe(404)
  const { findingFiles } = await import('./files.ts')
  const { findingLinks } = await import('./links.ts')
  const from = { limit: 30, message: 2 ** 53 - 1, place: 0 }
  const asked = {
    message_attachments_pictures_idx: findingFiles(bartek.id, id, 'images', from),
    message_attachments_files_idx: findingFiles(bartek.id, id, 'files', from),
    messages_links_idx: findingLinks(bartek.id, id, from),
  }
  for (const [index, statement] of Object.entries(asked)) {
    const rows = await sql<{ 'QUERY PLAN': string }[]>`explain (costs off) ${statement}`
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toContain(`using ${index}`)
    expect(plan).not.toMatch(/Seq Scan|Bitmap/)
  }
})
