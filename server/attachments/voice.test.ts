import { expect, test } from 'vitest'
import { download, picture, said, upload } from '../testing/files.ts'
import { startService } from '../testing/service.ts'
import { mp4, webm } from '../testing/voice.ts'

const { anna, bartek, celina, address } = await startService()
const id = await anna.talkTo(bartek)
const waveform = [0, 40, 100]
const query = (sound: Record<string, unknown>) => `?${new URLSearchParams(sound as Record<string, string>)}`
const voice = query({ duration_ms: 72_400, waveform })
const name = 'Wiadomość głosowa 2026-11-30 12.03.12.webm'

test.each([
  ['webm', webm('sound'), 'audio/webm'],
  ['mp4', mp4('soun'), 'audio/mp4'],
  ['m4a', mp4('mdir', 'soun'), 'audio/mp4'],
  ['webm', webm('video', 'sound'), 'video/webm'],
  ['webm', webm('sound', 'video'), 'video/webm'],
  ['webm', webm(), 'video/webm'],
  ['mp4', mp4('soun', 'vide'), 'video/mp4'],
  ['mp4', mp4(), 'video/mp4'],
  ['webm', webm('sound').subarray(0, 40), 'video/webm'],
])('a recording .%s is audio if that is all there is in it: %#', async (ending, content, mime) => {
  const { body } = await upload(anna, content, `a.${ending}`, 'file', voice)
  expect(body.attachment.mime_type).toBe(mime)
  expect(body.attachment.waveform).toEqual(mime.startsWith('audio') ? waveform : undefined)
})

const hex = (digits: string) =>
  Buffer.concat([Buffer.from(digits.replaceAll(' ', ''), 'hex'), Buffer.alloc(64)])
test.each([
  ['a size that begins with zero', '1a45dfa3 87 4282 84 7765626d ec 00 7ffffffffffffff6'],
  ['an id that begins with zero', '1a45dfa3 87 4282 84 7765626d 18538067 88 00ffffffffffffff'],
  ['sizes of nothing', '1a45dfa3 87 4282 84 7765626d 18538067 80 1654ae6b 80'],
])('a file with %s is kept as what it claims to be', async (_what, content) => {
  const { status, body } = await upload(anna, hex(content), 'a.webm')
  expect([status, body.attachment.mime_type]).toEqual([201, 'video/webm'])
})

test('a voice message says how long and how loud it is, to whoever sees it and where it is forwarded', async () => {
  const { body } = await upload(anna, webm('sound'), name, 'file', voice)
  const sound = { mime_type: 'audio/webm', duration_ms: 72_400, waveform, width: null, thumbnail_url: null }
  expect(body.attachment).toMatchObject(sound)
  const message = await anna.say(id, '', { attachment_ids: [body.attachment.id] })
  const [seen] = (await bartek.get(`/api/conversations/${id}/messages`)).body.messages.at(-1)!.attachments
  expect(seen).toMatchObject(sound)
  const other = await anna.talkTo(celina)
  const forwarded = await anna.post(`/api/messages/${message.id}/forward`, { conversation_ids: [other] })
  expect(forwarded.body.messages[0]!.attachments[0]).toMatchObject(sound)
  const reply = await bartek.say(id, 'Słucham', { reply_to_id: message.id })
  expect(reply.reply_to!.excerpt).toBe('Wiadomość głosowa (1:12)')
})

test('it is served in parts, as what it is and nothing else, to members alone', async () => {
  const content = webm('sound')
  const { body } = await upload(anna, content, name, 'file', voice)
  await anna.say(id, '', { attachment_ids: [body.attachment.id] })
  const { answer, bytes } = await download(address, bartek, body.attachment.url, { range: 'bytes=4-9' })
  expect([answer.status, bytes]).toEqual([206, content.subarray(4, 10)])
  expect(answer.headers.get('content-type')).toBe('audio/webm')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await download(address, celina, body.attachment.url)).answer.status).toBe(404)
})

test.each<[string, Record<string, unknown>]>([
  ['no length', { waveform }],
  ['a length of nothing', { duration_ms: 0, waveform }],
  ['a length of days', { duration_ms: 90_000_000, waveform }],
  ['a length that is no number', { duration_ms: '1e3', waveform }],
  ['a peak above all', { duration_ms: 1000, waveform: [101] }],
  ['a peak below all', { duration_ms: 1000, waveform: [-1] }],
  ['a peak that is no number', { duration_ms: 1000, waveform: '1,,2' }],
  ['no peaks', { duration_ms: 1000, waveform: '' }],
  ['very many peaks', { duration_ms: 1000, waveform: Array(129).fill(1) }],
])('a voice message with %s is refused', async (_, sound) => {
  expect(said(await upload(anna, webm('sound'), name, 'file', query(sound)))).toEqual([
    400,
    'validation_failed',
  ])
})

test('other files have neither length nor waveform, and audio has no waveform unless it is said', async () => {
  const png = await picture(4, 4).png().toBuffer()
  const { body } = await upload(anna, png, 'a.png', 'file', voice)
  expect(body.attachment).not.toHaveProperty('duration_ms')
  expect(body.attachment).not.toHaveProperty('waveform')
  const song = await upload(anna, webm('sound'), 'a.webm', 'file', query({ duration_ms: 1000 }))
  expect(song.body.attachment).toMatchObject({ duration_ms: 1000 })
  expect(song.body.attachment).not.toHaveProperty('waveform')
})
