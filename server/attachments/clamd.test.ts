import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { type Signature, startClamd } from '../testing/clamd.ts'
import { said, upload } from '../testing/files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { startService } from '../testing/service.ts'

/** EICAR's test file, in two pieces: whole, scanners would take this file for it. */
const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')
const md5 = createHash('md5').update(eicar).digest('hex')
const signature: Signature = `${md5}:${eicar.length}:Eicar-Test`

const folder = emptyFolder()
const start = () => startClamd(folder, [signature], ['StreamMaxLength 1M'])
let clamd = await start()
afterAll(() => clamd.stop())
const { anna, bartek } = await startService({ CLAMD_URL: clamd.url })
const { config } = await import('../config.ts')
const { log } = await import('../log.ts')
const told = { warn: vi.spyOn(log, 'warn'), error: vi.spyOn(log, 'error') }
const socketOfClamd = config.clamd
afterEach(() => {
  config.clamd = socketOfClamd
  vi.clearAllMocks()
})

/** What is kept of uploads. */
const kept = async () => {
  const names = ['uploads', 'attachments'].map((name) => readdir(join(config.dataDir, name)).catch(() => []))
  return (await Promise.all(names)).flat()
}

test('EICAR’s test file is the one that all scanners know', () => {
  expect([md5, eicar.length]).toEqual(['44d88612fea8a8f36de82e1278abb02f', 68])
})

test('what clamd finds nothing in is taken, and can be sent and opened', async () => {
  const { status, body } = await upload(anna, 'zwykły tekst', 'a.txt')
  expect(status).toBe(201)
  const id = await anna.talkTo(bartek)
  await anna.say(id, 'Masz', { attachment_ids: [body.attachment.id] })
  expect((await bartek.get(body.attachment.url)).status).toBe(200)
})

test('an infected file is refused, nothing of it is kept, and it is logged', async () => {
  const before = await kept()
  const refused = await upload(anna, eicar, 'faktura.txt')
  expect(said(refused)).toEqual([400, 'infected'])
  expect(refused.body.errors).toEqual([{ path: 'file', message: 'is infected' }])
  expect(await kept()).toEqual(before)
  expect(told.warn.mock.calls).toEqual([
    [{ userId: anna.id, virus: 'Eicar-Test.UNOFFICIAL' }, 'an infected file was refused'],
  ])
})

test('clients of a sister system are told the same in their words', async () => {
  const body = new FormData()
  body.set('file', new File([eicar], 'faktura.txt'))
  const refused = await anna.request('POST', '/api/v1/media', { body })
  expect([refused.status, refused.body]).toEqual([
    400,
    { detail: 'The file is infected, says the virus scanner. file: is infected' },
  ])
})

test('a file that is larger than what clamd takes is not taken unchecked', async () => {
  for (let i = 0; i < 20; i++) {
    const refused = await upload(anna, 'a'.repeat(3 * 1024 * 1024), 'a.txt')
    expect(said(refused)).toEqual([413, 'payload_too_large'])
  }
})

test('many files at once are all checked', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => upload(anna, i % 4 ? `tekst ${i}` : eicar, `${i}.txt`)),
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map((_, i) => (i % 4 ? 201 : 400)))
})

test('while clamd is away nothing is taken, and it is logged; when it is back, files are', async () => {
  await clamd.stop()
  await rm(join(folder, 'clamd.ctl'), { force: true })
  const before = await kept()
  const refused = await upload(anna, 'zwykły tekst', 'a.txt')
  expect(said(refused)).toEqual([503, 'unavailable'])
  expect(refused.headers.get('retry-after')).toBe('30')
  expect(await kept()).toEqual(before)
  expect(told.error.mock.calls[0]![1]).toBe('no file can be checked for viruses, and so none is taken')
  expect((await anna.say(await anna.talkTo(bartek), 'bez pliku')).id).toBeTruthy()
  clamd = await start()
  expect((await upload(anna, 'zwykły tekst', 'a.txt')).status).toBe(201)
})

/** Answers as a clamd would that is not well. */
test.each<[does: string, answer: (socket: Socket) => void]>([
  ['hangs up at once', (socket) => socket.destroy()],
  ['hangs up without an answer', (socket) => socket.once('data', () => socket.end())],
  ['answers with half a line', (socket) => socket.once('data', () => socket.end('stream: O'))],
  [
    'answers with an error',
    (socket) => socket.once('data', () => socket.end('stream: Access denied. ERROR\0')),
  ],
  ['answers with something else', (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 OK\0'))],
  ['does not stop answering', (socket) => socket.once('data', () => socket.write('x'.repeat(100_000)))],
])('what a clamd that %s is asked about is not taken', async (_, answer) => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    answer(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  config.clamd = { host: '127.0.0.1', port: (server.address() as { port: number }).port }
  expect(said(await upload(anna, 'zwykły tekst', 'a.txt'))).toEqual([503, 'unavailable'])
  expect(told.error).toHaveBeenCalled()
  server.close()
})

test('without CLAMD_URL nothing is checked', async () => {
  config.clamd = undefined
  expect((await upload(anna, eicar, 'a.txt')).status).toBe(201)
})

test.each([
  [26214400, ['warn', 'fail']],
  [500_000, ['warn']],
])(
  'the doctor tells of clamd, and that it takes too little, where members may send %i bytes',
  async (bytes, levels) => {
    const { checkClamd } = await import('../admin/check-clamd.ts')
    config.uploadMaxBytes = bytes
    const found = await checkClamd()
    expect(found.map(({ level }) => level)).toEqual(levels)
    expect(found[0]!.says).toMatch(/^ClamAV \d+\.\d+.* has no signatures of ClamAV$/)
  },
)

test('the doctor tells of a clamd that is away', async () => {
  const { checkClamd } = await import('../admin/check-clamd.ts')
  config.clamd = { path: join(folder, 'nobody.ctl') }
  expect(await checkClamd()).toMatchObject([{ level: 'fail', what: 'virus scanner' }])
})
