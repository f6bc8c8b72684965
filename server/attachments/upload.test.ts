import { expect, test } from 'vitest'
import {
  compound,
  filesOnDisk,
  openXml,
  part,
  picture,
  said,
  upload,
  uploadRaw,
  zip,
} from '../testing/files.ts'
import { startService } from '../testing/service.ts'

const { anna } = await startService()
const png = await picture(40, 30).png().toBuffer()
const office = 'application/vnd.openxmlformats-officedocument'
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((each) => Buffer.from(each as string, 'latin1')))

/** Nothing is left on the disk, and the service still works. */
async function expectNothingLeft(before: string[]) {
  await expect.poll(() => filesOnDisk()).toEqual(before)
  expect((await anna.get('/healthz')).status).toBe(200)
}

test.each<[string, string | Buffer, string, string]>([
  ['obraz.png', png, 'image/png', 'obraz.png'],
  ['obraz.JPEG', await picture(40, 30).jpeg().toBuffer(), 'image/jpeg', 'obraz.JPEG'],
  ['obraz.webp', await picture(40, 30).webp().toBuffer(), 'image/webp', 'obraz.webp'],
  ['obraz.gif', await picture(40, 30).gif().toBuffer(), 'image/gif', 'obraz.gif'],
  ['obraz.avif', await picture(40, 30).avif().toBuffer(), 'image/avif', 'obraz.avif'],
  ['umowa.pdf', '%PDF-1.7\n%âãÏÓ\n1 0 obj', 'application/pdf', 'umowa.pdf'],
  [
    'umowa.docx',
    openXml(`${office}.wordprocessingml.document`),
    `${office}.wordprocessingml.document`,
    'umowa.docx',
  ],
  ['dane.xlsx', openXml(`${office}.spreadsheetml.sheet`), `${office}.spreadsheetml.sheet`, 'dane.xlsx'],
  [
    'pokaz.pptx',
    openXml(`${office}.presentationml.presentation`),
    `${office}.presentationml.presentation`,
    'pokaz.pptx',
  ],
  [
    'umowa.odt',
    zip({ mimetype: 'application/vnd.oasis.opendocument.text' }),
    'application/vnd.oasis.opendocument.text',
    'umowa.odt',
  ],
  ['umowa.doc', compound('WordDocument'), 'application/msword', 'umowa.doc'],
  ['dane.xls', compound('Workbook'), 'application/vnd.ms-excel', 'dane.xls'],
  ['pokaz.ppt', compound('PowerPoint Document'), 'application/vnd.ms-powerpoint', 'pokaz.ppt'],
  ['paczka.zip', zip({ 'a.txt': 'a' }), 'application/zip', 'paczka.zip'],
  ['notatka.txt', 'Zażółć gęślą jaźń: 3 < 5\n', 'text/plain', 'notatka.txt'],
  ['README', 'bez rozszerzenia', 'text/plain', 'README.txt'],
  ['Sprawozdanie 20.11', 'data to nie rozszerzenie', 'text/plain', 'Sprawozdanie 20.11.txt'],
  ['z excela.csv', bytes('imi', [0xea], ';kwota\nAnna;3\n'), 'text/csv', 'z excela.csv'],
  ['utf16.txt', Buffer.from('\ufeffZażółć', 'utf16le'), 'text/plain', 'utf16.txt'],
  [
    'piosenka.mp3',
    bytes('ID3', [4, 0, 0, 0, 0, 0, 0], [0xff, 0xfb, 0x90, 0x64], 'x'.repeat(500)),
    'audio/mpeg',
    'piosenka.mp3',
  ],
  ['nagranie.m4a', bytes([0, 0, 0, 24], 'ftypM4A ', [0, 0, 0, 0], 'M4A isom'), 'audio/mp4', 'nagranie.m4a'],
  [
    'nagranie.ogg',
    bytes('OggS', [0, 2], 'x'.repeat(22), [1], 'vorbis', 'x'.repeat(30)),
    'audio/ogg',
    'nagranie.ogg',
  ],
  ['nagranie.wav', bytes('RIFF', [36, 0, 0, 0], 'WAVEfmt '), 'audio/wav', 'nagranie.wav'],
  ['film.mp4', bytes([0, 0, 0, 24], 'ftypisom', [0, 0, 0, 0], 'isommp42'), 'video/mp4', 'film.mp4'],
])('%s is accepted', async (name, content, mime_type, filename) => {
  const { status, body } = await upload(anna, content, name)
  expect(status, JSON.stringify(body)).toBe(201)
  const isImage = mime_type.startsWith('image/')
  const url = `/api/attachments/${body.attachment.id}`
  expect(body.attachment).toEqual({
    id: expect.any(Number),
    filename,
    mime_type,
    size_bytes: isImage ? expect.any(Number) : Buffer.byteLength(content as string),
    width: isImage ? 40 : null,
    height: isImage ? 30 : null,
    url,
    thumbnail_url: isImage ? `${url}/thumbnail` : null,
  })
})

const html = '<!doctype html><script>alert(1)</script>'
const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

test.each<[string, string, string | Buffer]>([
  ['HTML', 'a.html', html],
  ['HTML as text', 'a.txt', html],
  ['HTML as a picture', 'a.png', html],
  ['HTML as a table', 'a.csv', `a;b\n1;${html}`],
  ['HTML without a name', 'a', ` \n\ufeff<b onclick=alert(1)>`],
  ['HTML far behind text', 'a.txt', `${'a'.repeat(65_530)}${html}`],
  ['HTML in UTF-16', 'a.txt', Buffer.from(`\ufeffa ${html}`, 'utf16le')],
  ['HTML after a comment', 'a.txt', `<!-- a --><img src=x onerror=alert(1)>`],
  ['SVG', 'a.svg', svg],
  ['SVG as a picture', 'a.png', svg],
  ['SVG as text', 'a.txt', `a ${svg}`],
  ['XML', 'a.xml', `<?xml version="1.0"?><a/>`],
  ['XHTML as text', 'a.txt', `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`],
  ['JavaScript', 'a.js', 'alert(1)'],
  ['a shell script', 'a', '#!/bin/sh\nrm -rf /'],
  ['a batch file', 'a.txt', '@echo off\r\ndel *'],
  ['PHP', 'a.txt', 'x <?php system($_GET[0]);'],
  ['an e-mail page', 'a.mhtml', 'MIME-Version: 1.0\nContent-Type: text/html'],
  ['a Windows program', 'a.txt', bytes('MZ', [0x90, 0, 3, 0, 0, 0], 'x'.repeat(100))],
  ['a Windows program as a picture', 'a.jpg', bytes('MZ', [0x90, 0, 3, 0, 0, 0], 'x'.repeat(100))],
  ['a Linux program', 'a.pdf', bytes([0x7f], 'ELF', [2, 1, 1, 0], 'x'.repeat(100))],
  ['an installer', 'a.doc', compound('Binary.installer')],
  ['a Java archive', 'a.zip', zip({ 'META-INF/MANIFEST.MF': 'Main-Class: A' })],
  ['an Android app', 'a.zip', zip({ 'classes.dex': 'dex' })],
  ['a document with macros', 'a.docx', openXml('application/vnd.ms-word.document.macroEnabled')],
  ['a TIFF', 'a.tiff', await picture(4, 4).tiff().toBuffer()],
  ['bytes of no meaning', 'a.pdf', bytes([1, 2, 3, 4, 5, 0, 0, 7])],
  ['text that claims to be a document', 'a.pdf', 'tylko tekst'],
])('%s is refused, whatever its name', async (_, name, content) => {
  const before = filesOnDisk()
  expect(said(await upload(anna, content, name))).toEqual([415, 'unsupported_media_type'])
  await expectNothingLeft(before)
})

test.each([
  ['../../../etc/cron.d/umowa.txt', 'umowa.txt'],
  ['..\\..\\umowa.txt', 'umowa.txt'],
  ['a\u202eb.txt', 'ab.txt'],
  [`${'ż'.repeat(300)}.txt`, `${'ż'.repeat(251)}.txt`],
  ['a\0b.txt', 'ab.txt'],
  ['NUL', '_NUL.txt'],
  ['5%22 rura.txt', '5" rura.txt'],
  ['a%0D%0Ab.txt', 'ab.txt'],
  ['a.txt"; filename*="UTF-8', 'a.txt'],
  ['a.txt"; filename*=UTF-8\'\'za%C5%BC%C3%B3%C5%82%C4%87.txt; x="', 'zażółć.txt'],
])('a file %j is stored under a generated name and shown as %j', async (given, shown) => {
  const before = filesOnDisk()
  const body = `${part(`name="file"; filename="${given}"`, 'tekst')}--xxx--\r\n`
  const answer = await uploadRaw(anna, body)
  expect(answer.body.attachment.filename).toBe(shown)
  const [file, ...others] = filesOnDisk().filter((each) => !before.includes(each))
  expect(file).toMatch(/^attachments\/[0-9a-f-]{36}$/)
  expect(others).toEqual([])
})

test('an encoded name alone is enough', async () => {
  const disposition = `name="file"; filename*=UTF-8''za%C5%BC%C3%B3%C5%82%C4%87.txt`
  const answer = await uploadRaw(anna, `${part(disposition, 'tekst')}--xxx--\r\n`)
  expect(answer.body.attachment.filename).toBe('zażółć.txt')
})
