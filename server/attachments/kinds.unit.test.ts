import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { apng } from '../testing/apng.ts'
import { animation, compound, openXml, picture, pngBomb, zip } from '../testing/files.ts'
import { emptyFolder } from '../testing/folder.ts'
import { heic } from '../testing/heic.ts'
import { kindOf } from './kinds.ts'
import { cleanName } from './names.ts'

const folder = emptyFolder()
let count = 0

async function kind(name: string, content: string | Uint8Array) {
  const path = join(folder, `${count++}`)
  writeFileSync(path, content)
  const found = await kindOf(path, name)
  return [found.mime, cleanName(name, found)]
}

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((each) => Buffer.from(each as string, 'latin1')))
/** The beginning of a phone's or camera's recording, by its brand. */
const ftyp = (brand: string, ...others: string[]) => {
  const brands = [brand, '\0\0\0\0', ...others].join('')
  return bytes(
    [0, 0, 0, 8 + brands.length],
    'ftyp',
    brands,
    [0, 0, 0, 8],
    'mdat',
    '<script>alert(1)</script>',
  )
}
const ebml = (type: string) =>
  bytes([0x1a, 0x45, 0xdf, 0xa3, 0x80 | (3 + type.length), 0x42, 0x82, 0x80 | type.length], type, [0, 0, 0])
const asf = (stream: string) =>
  bytes(
    [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0x00, 0xaa, 0x00, 0x62, 0xce, 0x6c],
    [...Array(14).fill(0)],
    [0x91, 0x07, 0xdc, 0xb7, 0xb7, 0xa9, 0xcf, 0x11, 0x8e, 0xe6, 0x00, 0xc0, 0x0c, 0x20, 0x53, 0x65],
    [72, 0, 0, 0, 0, 0, 0, 0],
    [...Buffer.from(stream, 'hex')],
    [...Array(200).fill(0)],
  )
const packets = bytes(...Array(4).fill([0x47, ...Array(187).fill(0)]))

test.each<[string, Uint8Array, string, string?]>([
  ['IMG_0001.MOV', ftyp('qt  ', 'qt  '), 'video/quicktime'],
  ['stary.mov', bytes([0, 0, 0, 8], 'wide', [0, 0, 4, 0], 'mdat', 'x'.repeat(50)), 'video/quicktime'],
  ['film.3gp', ftyp('3gp4', 'isom'), 'video/3gpp'],
  ['film.3gp', ftyp('3gp5'), 'video/3gpp'],
  ['film.3g2', ftyp('3g2a'), 'video/3gpp2'],
  ['film.MP4', ftyp('mp42', 'isom'), 'video/mp4'],
  ['aparat.mp4', ftyp('XAVC', 'mp42'), 'video/mp4'],
  ['film.m4v', ftyp('M4V ', 'isom'), 'video/mp4'],
  ['dyktafon.m4a', ftyp('M4A ', 'isom'), 'audio/mp4'],
  ['film.mkv', ebml('matroska'), 'video/x-matroska'],
  ['film.webm', ebml('webm'), 'video/webm'],
  ['kamera.AVI', bytes('RIFF', [36, 0, 0, 0], 'AVI LIST'), 'video/x-msvideo'],
  ['film.wmv', asf('c0ef19bc4d5bcf11a8fd00805f5c442b'), 'video/x-ms-wmv'],
  ['glos.wma', asf('409e69f84d5bcf11a8fd00805f5c442b'), 'audio/x-ms-wma'],
  ['kamera.MTS', packets, 'video/mp2t'],
  ['kamera.mpg', bytes([0, 0, 1, 0xba, 0x44, 0, 4, 0, 4, 1, 0, 0, 3], 'x'.repeat(50)), 'video/mpeg'],
  ['nokia.amr', bytes('#!AMR\n', [0x3c, 0, 0, 0]), 'audio/amr'],
  ['nuty.mid', bytes('MThd', [0, 0, 0, 6, 0, 1, 0, 1, 0, 96]), 'audio/midi'],
  ['chor.flac', bytes('fLaC', [0, 0, 0, 34], 'x'.repeat(50)), 'audio/flac'],
  ['chor.aiff', bytes('FORM', [0, 0, 0, 40], 'AIFFCOMM', 'x'.repeat(50)), 'audio/aiff'],
  ['radio.aac', bytes([0xff, 0xf1, 0x50, 0x80, 2, 0x1f, 0xfc], 'x'.repeat(50)), 'audio/aac'],
  ['IMG_0001.HEIC', heic(), 'image/jpeg', 'IMG_0001.jpg'],
  ['zdjęcie.heif', ftyp('mif1', 'heic', 'miaf'), 'image/jpeg', 'zdjęcie.jpg'],
  ['seria.hif', ftyp('msf1', 'hevc'), 'image/jpeg', 'seria.jpg'],
  ['bez rozszerzenia', heic(), 'image/jpeg', 'bez rozszerzenia.jpg'],
  ['udaje.jpeg', heic(), 'image/jpeg'],
  ['zdjęcie.avif', ftyp('mif1', 'avif', 'miaf'), 'image/avif'],
  ['ruch.apng', apng(2), 'image/png'],
])('%s, as made by a camera or a phone, is accepted', async (name, content, mime, shown = name) => {
  expect(await kind(name, content)).toEqual([mime, shown])
})

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml'
const sheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const slides = 'application/vnd.openxmlformats-officedocument.presentationml'
const open = 'application/vnd.oasis.opendocument'
const locked = compound('EncryptedPackage')

test.each<[string, Uint8Array, string, string?]>([
  ['hasło.docx', locked, `${word}.document`],
  ['hasło.XLSX', locked, `${sheet}.sheet`],
  ['hasło.pptx', locked, `${slides}.presentation`],
  ['hasło.xltx', locked, `${sheet}.template`],
  ['hasło', locked, `${word}.document`, 'hasło.docx'],
  ['wzór.dotx', openXml(`${word}.template`), `${word}.template`],
  ['wzór.xltx', openXml(`${sheet}.template`), `${sheet}.template`],
  ['wzór.potx', openXml(`${slides}.template`), `${slides}.template`],
  ['pokaz.ppsx', openXml(`${slides}.slideshow`), `${slides}.slideshow`],
  ['wzór.ott', zip({ mimetype: `${open}.text-template` }), `${open}.text-template`],
  ['wzór.ots', zip({ mimetype: `${open}.spreadsheet-template` }), `${open}.spreadsheet-template`],
  ['wzór.otp', zip({ mimetype: `${open}.presentation-template` }), `${open}.presentation-template`],
  ['rysunek.odg', zip({ mimetype: `${open}.graphics` }), `${open}.graphics`],
  ['wzór.dot', compound('WordDocument'), 'application/msword'],
  ['pokaz.pps', compound('PowerPoint Document'), 'application/vnd.ms-powerpoint'],
  ['schemat.vsd', compound('VisioDocument'), 'application/vnd.visio'],
  ['poczta.msg', compound('__properties_version1.0'), 'application/vnd.ms-outlook'],
  ['pismo.rtf', Buffer.from("{\\rtf1\\ansi\\ansicpg1250 Za\\u380\\'bf}\0"), 'application/rtf'],
  ['książka.epub', zip({ mimetype: 'application/epub+zip' }), 'application/epub+zip'],
  ['tabela.numbers', zip({ 'Index/Document.iwa': 'x' }), 'application/zip'],
  ['trasa.kmz', zip({ 'doc.kml': '<kml/>' }), 'application/zip'],
  ['paczka.7z', bytes([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'x'.repeat(30)), 'application/x-7z-compressed'],
  ['paczka.rar', bytes('Rar!', [0x1a, 7, 1, 0], 'x'.repeat(30)), 'application/x-rar-compressed'],
])('the document %s is accepted', async (name, content, mime, shown = name) => {
  expect(await kind(name, content)).toEqual([mime, shown])
})

const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const gpx = '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Ślęża</name></trk></gpx>'

test.each<[string, string | Uint8Array, string]>([
  ['notatka.txt', 'W nagłówku brakuje <link> i <meta>, reszta jest w <body>.', 'text/plain'],
  ['notatka.txt', '<link> to znacznik, <template> też', 'text/plain'],
  ['strona.md', '# Wygląd\n\nReguły są w `<style>`, skrypty w `<script>`.\n', 'text/plain'],
  ['strona.md', '<p align="center"><img src="logo.png"></p>\n\n# Rozmowa\n', 'text/plain'],
  ['strona.md', '<!-- komentarz -->\n# Rozmowa\n', 'text/plain'],
  ['wykład.md', '# HTML\n\n```html\n<!doctype html>\n<script>alert(1)</script>\n```\n', 'text/plain'],
  ['wykład.md', 'PHP zaczyna się od `<?php echo 1`.', 'text/plain'],
  ['pytanie.txt', 'Wklejam <script src="https://example.org/mapa.js"></script> i nic.', 'text/plain'],
  ['czat.txt', '<jan> cześć\n<ewa> hej\n', 'text/plain'],
  ['dos.txt', 'Ostatnia linia\r\n\x1a', 'text/plain'],
  ['dos.txt', `Koniec${'\x1a'.repeat(100)}\r\n`, 'text/plain'],
  ['word.txt', 'Pierwsza\x0bdruga\fnowa strona', 'text/plain'],
  ['terminal.log', '\x1b[31mbłąd\x1b[0m', 'text/plain'],
  ['windows.txt', bytes('Za', [0xbf, 0xf3, 0xb3, 0xe6], ' g', [0xea], [0x9c], 'l'), 'text/plain'],
  ['iso.txt', bytes('Za', [0xbf, 0xf3, 0xb3, 0xe6], ' ', [0xb1, 0xb6, 0xbc]), 'text/plain'],
  ['dos852.txt', bytes('Za', [0xbe, 0xa2, 0x88, 0x86], ' g', [0xa9, 0x98], 'l'), 'text/plain'],
  ['bez znaku.txt', utf16('Zażółć gęślą jaźń\r\n'), 'text/plain'],
  ['bez znaku.csv', utf16('imię;kwota\r\nŁucja;3\r\n').swap16(), 'text/csv'],
  ['MZ.txt', 'MZ ogłosiło nowe przepisy', 'text/plain'],
  ['BM', 'BM z dnia 5 maja', 'text/plain'],
  ['tagi.txt', 'ID3 to standard opisu piosenek, o którym mowa na stronie 3.', 'text/plain'],
  ['dane.tsv', 'a\tb\n1\t2\n', 'text/tab-separated-values'],
  ['dane.json', '{"imię": "Łucja", "opis": "<b>tak</b>"}', 'application/json'],
  ['zebranie.ics', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n', 'text/calendar'],
  ['Ewa.vcf', 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ewa Lis\r\nEND:VCARD\r\n', 'text/vcard'],
  ['trasa.gpx', `<?xml version="1.0" encoding="UTF-8"?>\n${gpx}`, 'application/gpx+xml'],
  ['trasa.gpx', gpx, 'application/gpx+xml'],
  [
    'trasa.kml',
    '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"/>',
    'application/vnd.google-earth.kml+xml',
  ],
  ['napisy.srt', '1\n00:00:01,000 --> 00:00:02,000\n<i>Cześć</i>\n', 'text/plain'],
])('the text %s (%j) is accepted', async (name, content, mime) => {
  expect(await kind(name, content)).toEqual([mime, /\./.test(name) ? name : `${name}.txt`])
})

const page = '<!doctype html><script>alert(1)</script>'
const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

test.each<[string, string, string | Uint8Array]>([
  ['a page', 'a.txt', page],
  ['a page behind a mark and blanks', 'a.txt', `\ufeff \r\n\t${page}`],
  ['a page behind a comment', 'a.md', `<?xml version="1.0"?><!-- a -->${page}`],
  ['a page in Markdown', 'a.md', page],
  ['a page that begins with its head', 'a.txt', '<head><title>a</title></head>'],
  ['a page in UTF-16 without a mark', 'a.txt', utf16(page)],
  ['a page in UTF-16 the other way round', 'a.txt', utf16(page).swap16()],
  ['a page behind text', 'a.txt', `tekst ${page}`],
  ['a page across the pieces that are read', 'a.txt', `${'a'.repeat(65_530)} ${page}`],
  ['a page behind the end of DOS', 'a.txt', `tekst\x1a${page}`],
  ['a page that claims to be a table', 'a.json', page],
  ['a drawing', 'a.txt', svg],
  ['a drawing behind text', 'a.md', `tekst ${svg}`],
  ['a drawing as a trail', 'a.gpx', svg],
  [
    'a page in a trail',
    'a.gpx',
    gpx.replace('</gpx>', '<a:script xmlns:a="http://www.w3.org/1999/xhtml"/></gpx>'),
  ],
  ['a style sheet that runs in a trail', 'a.kml', '<kml><?xml-stylesheet href="data:"?></kml>'],
  ['entities in a trail', 'a.gpx', '<?xml version="1.0"?><gpx><!DOCTYPE a [<!ENTITY b "c">]></gpx>'],
  ['other XML', 'a.xml', '<?xml version="1.0"?><a/>'],
  ['a script', 'a.txt', '#!/bin/sh\nrm -rf /'],
  ['a batch file', 'a.log', '@ECHO OFF\r\ndel *'],
  ['a calendar that is none', 'a.ics', 'tekst'],
  ['a shortcut', 'a.url', '[InternetShortcut]\nURL=https://example.org'],
  ['a mail that is a page', 'a.mhtml', 'MIME-Version: 1.0\nContent-Type: text/html'],
  ['a program behind the end of DOS', 'a.txt', bytes('tekst', [0x1a], 'MZ', [0x90, 0])],
  ['a program', 'a.txt', bytes('MZ', [0x90, 0, 3, 0, 0, 0], 'x'.repeat(100))],
  ['a program in ones and zeros of UTF-16', 'a.txt', bytes(Array(200).fill([1, 0]).flat())],
  ['a locked document with macros', 'a.xlsm', locked],
  ['a locked document that claims to be a program', 'a.exe', locked],
  ['an installer', 'a.docx', compound('Binary.installer')],
  ['a document with macros', 'a.docx', openXml('application/vnd.ms-word.document.macroEnabled')],
  ['a template with macros', 'a.xltx', openXml('application/vnd.ms-excel.template.macroEnabled')],
  ['a program of Java', 'a.zip', zip({ 'META-INF/MANIFEST.MF': 'Main-Class: A' })],
  ['Flash', 'a.mp4', bytes('FWS', [9], 'x'.repeat(30))],
  ['a TIFF', 'a.tiff', await picture(4, 4).tiff().toBuffer()],
])('%s is refused, whatever its name', async (_, name, content) => {
  await expect(kind(name, content)).rejects.toMatchObject({ status: 415 })
})

test.each(['<svg ', '<html ', '<!doctype html ', '<', '`', '\x1a', '\x1a ', '<?xml ', '<gpx '])(
  'a text of very many %j takes no time',
  async (sign) => {
    const start = performance.now()
    for (const name of ['a.txt', 'a.md', 'a.gpx'])
      await kind(name, `<gpx a${sign.repeat(1_000_000 / sign.length)}b`).catch(() => {})
    expect(performance.now() - start).toBeLessThan(2000)
  },
)

test('images are recognized by their content', async () => {
  expect(await kind('a.txt', await animation(2))).toEqual(['image/gif', 'a.txt.gif'])
  expect(await kind('a.gif', pngBomb(1, 1))).toEqual(['image/png', 'a.gif.png'])
})
