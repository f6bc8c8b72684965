import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { download, picture, upload } from '../testing/files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { at, command, newcomer, newHome, password, serve } from '../testing/homes.ts'
import { Listener } from '../testing/listener.ts'
import { Person } from '../testing/service.ts'

/** Each command is a process that starts, beside a service that does. */
vi.setConfig({ testTimeout: 90_000 })

const passphrase = 'sześć słów, o których nikt nie wie'
const png = await picture(40, 40).png().toBuffer()

test('after everything is lost, a backup brings it back elsewhere: sessions, words, files; and open pages notice', async () => {
  const home = await newHome()
  const service = await serve(home)
  const [ala, ola] = [await newcomer(service, 'ala'), await newcomer(service, 'ola')]
  const id = await ala.talkTo(ola)
  const { attachment } = (await upload(ala, png, 'zdjęcie.png')).body
  await ala.say(id, 'ze zdjęciem', { attachment_ids: [attachment.id] })
  const before = await ola.listen()
  const cursor = /^id: (.*)$/m.exec(before.raw)![1]!
  const path = join(emptyFolder(), 'kopia.age')
  expect(await command(home, `backup ${path}`, { BACKUP_PASSPHRASE: passphrase })).toMatchObject({
    code: 0,
    out: expect.stringMatching(/: 1 messages, 2 files of 1 MiB, encrypted\n$/),
    error: '',
  })
  const lost = await ala.say(id, 'po kopii')
  const picked = await download(service.address, ala, attachment.url)
  before.close()
  await service.stop()

  const elsewhere = await newHome()
  expect(await command(elsewhere, `restore ${path}`, { BACKUP_PASSPHRASE: passphrase })).toMatchObject({
    code: 0,
    error: '',
  })
  const restored = await serve(elsewhere)
  const [ala2, ola2] = [at(restored, ala), at(restored, ola)]
  const after = await Listener.open(`${restored.address}/api/messages/stream`, ola2.cookie, {
    'last-event-id': cursor,
  })
  await after.hear('resync')
  const again = await ala2.say(id, 'po odtworzeniu')
  expect(again).toMatchObject({ id: lost.id, seq: lost.seq })
  expect((await after.hear('new_message')).message.content_text).toBe('po odtworzeniu')
  after.close()
  for (const url of [attachment.url, attachment.thumbnail_url!]) {
    const { answer } = await download(restored.address, ola2, url)
    expect(answer.status).toBe(200)
  }
  expect((await download(restored.address, ola2, attachment.url)).bytes).toEqual(picked.bytes)
  const { status } = await new Person(restored.address).post('/api/auth/login', {
    email: 'ala@example.org',
    password,
  })
  expect(status).toBe(200)
  expect((await newcomer(restored, 'nowa')).id).toBeGreaterThan(ola.id)
})
