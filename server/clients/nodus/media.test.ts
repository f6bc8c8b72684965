import { expect, test } from 'vitest'
import { download, picture } from '../../testing/files.ts'
import { NodusClient } from '../../testing/nodus-client.ts'
import { type Person, startService } from '../../testing/service.ts'

const { address, anna, bartek, celina } = await startService()
const clientOf = (person: Person) => new NodusClient(address, { cookie: person.cookie })
const [annas, bartkas] = [clientOf(anna), clientOf(bartek)]
const chat = await anna.talkTo(bartek)
const png = await picture(40, 30).png().toBuffer()

test('a file is uploaded, sent in a payload, and downloaded by the others', async () => {
  const { status, body: attachment } = await annas.upload(png, 'zdjęcie.png')
  expect([status, attachment]).toEqual([
    201,
    {
      id: expect.any(Number),
      filename: 'zdjęcie.png',
      mime_type: 'image/png',
      size_bytes: expect.any(Number),
      width: 40,
      height: 30,
      url: `/api/attachments/${attachment.id}`,
      thumbnail_url: `/api/attachments/${attachment.id}/thumbnail`,
    },
  ])
  const sent = await annas.send(chat, '', { type: 'image', payload: { attachment_ids: [attachment.id] } })
  expect([sent.status, sent.body]).toMatchObject([
    201,
    { type: 'image', content: '', payload: { attachments: [attachment] } },
  ])
  expect((await bartkas.messages(chat, { limit: 1 })).body.messages).toEqual([sent.body])
  for (const path of [attachment.url, attachment.thumbnail_url]) {
    expect((await download(address, bartek, path)).answer.status).toBe(200)
    expect((await download(address, celina, path)).answer.status).toBe(404)
  }
})

test.each([
  ['obraz.png', png, 'image'],
  ['umowa.pdf', '%PDF-1.7\n%âãÏÓ\n1 0 obj', 'file'],
  ['notatka.txt', 'Kup chleb.', 'file'],
  ['film.mp4', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'), 'video'],
  ['nuty.mid', Buffer.from('MThd\0\0\0\x06\0\x01\0\x01\0\x60', 'latin1'), 'audio'],
])('a message with %s first is of that kind, whatever its sender says', async (name, content, type) => {
  const first = (await annas.upload(content, name)).body
  const second = (await annas.upload(png, 'drugi.png')).body
  const { body } = await annas.send(chat, 'patrz', {
    type: 'file',
    payload: { attachment_ids: [first.id, second.id] },
  })
  expect([body.type, body.content, body.payload.attachments]).toEqual([type, 'patrz', [first, second]])
})

test('a file can be sent once, by its uploader', async () => {
  const { id } = (await annas.upload('tekst', 'a.txt')).body
  const payload = { attachment_ids: [id] }
  expect((await bartkas.send(chat, '', { payload })).status).toBe(400)
  expect((await annas.send(chat, '', { payload })).status).toBe(201)
  expect((await annas.send(chat, '', { payload })).status).toBe(400)
})

test('deleting a message deletes its files', async () => {
  const attachment = (await annas.upload(png, 'a.png')).body
  const { body } = await annas.send(chat, '', { payload: { attachment_ids: [attachment.id] } })
  expect((await annas.remove(body.id)).body).toMatchObject({ type: 'text', content: null, payload: null })
  expect((await download(address, anna, attachment.url)).answer.status).toBe(404)
})

test('what is no upload is refused with a reason', async () => {
  const refused = [await annas.ask('POST', '/media', { file: 'x' }), await annas.upload('', 'puste.txt')]
  expect(refused.map(({ status }) => status)).toEqual([415, 400])
  for (const { body } of refused) expect(body).toEqual({ detail: expect.stringMatching(/./) })
})

test('a message is forwarded to several chats, with its files, or to none', async () => {
  const attachment = (await annas.upload(png, 'a.png')).body
  const { body } = await annas.send(chat, 'dalej', { payload: { attachment_ids: [attachment.id] } })
  const targets = [await anna.talkTo(celina), await anna.talkTo(anna)]
  const { status, body: forwarded } = await annas.forward(body.id, targets)
  expect(status).toBe(201)
  expect(forwarded.messages.map(({ chat_id }) => chat_id).toSorted()).toEqual(targets.toSorted())
  for (const message of forwarded.messages) {
    expect(message).toMatchObject({
      type: 'image',
      content: 'dalej',
      author_id: anna.id,
      status: 'delivered',
    })
    expect(message.payload.forwarded_from).toEqual({ message_id: body.id, sender_name: 'Anna Kowalska' })
    expect(message.payload.attachments).toMatchObject([{ filename: 'a.png', mime_type: 'image/png' }])
  }
  const foreign = await bartek.talkTo(celina)
  expect((await annas.forward(body.id, [chat, foreign])).status).toBe(404)
  expect((await annas.messages(chat, { limit: 1 })).body.messages).toEqual([body])
  for (const chats of [[], Array.from({ length: 11 }, (_, i) => i + 1), ['x']])
    expect((await annas.forward(body.id, chats as number[])).status).toBe(400)
})
