import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { stranger } from '../testing/stranger.ts'

let body: Buffer | string = ''
let type = 'text/html'
let encoding = 'identity'
const site = await stranger((_req, res) =>
  res.writeHead(200, { 'content-type': type, 'content-encoding': encoding }).end(body),
)
process.env.LINK_PREVIEW_ALLOW_HOSTS = site.host
const { readPage } = await import('./page.ts')

/** Zażółć in all character sets that Polish pages have used. */
const latin2 = 'Za\xbf\xf3\xb3\xe6'
const title = (text: string) => `<title>${text}</title>`
const bytes = (text: string) => Buffer.from(text, 'latin1')
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const far = `<!-- ${'x'.repeat(3000)} -->`
const [bom8, bomLe, bomBe] = ['\xef\xbb\xbf', '\xff\xfe', '\xfe\xff'].map(bytes) as [Buffer, Buffer, Buffer]

test.each<[says: string, type: string, body: Buffer]>([
  ['utf-8', 'text/html; charset=utf-8', Buffer.from(title('Zażółć'))],
  ['windows-1250', 'text/html; charset="Windows-1250"', bytes(title(latin2))],
  ['iso-8859-2 in a meta', 'text/html', bytes(`<meta charset="iso-8859-2">${title(latin2)}`)],
  [
    'iso-8859-2 in an http-equiv',
    'text/html',
    bytes(`<META content='text/html; charset=latin2' http-equiv=Content-Type>${title(latin2)}`),
  ],
  ['iso-8859-2 in a meta after 3,000 bytes', 'text/html', bytes(`${far}<meta charset=l2>${title(latin2)}`)],
  ['a charset nobody knows', 'text/html; charset=klingon', Buffer.from(title('Zażółć'))],
  ['one nobody knows, and another', 'text/html; charset=klingon', bytes(`<meta charset=l2>${title(latin2)}`)],
  [
    'iso-8859-2 by its server, and utf-8 by itself',
    'text/html; charset=iso-8859-2',
    bytes(`<meta charset=utf-8>${title(latin2)}`),
  ],
  [
    'iso-8859-2 by its server, and has the mark of utf-8',
    'text/html; charset=iso-8859-2',
    Buffer.concat([bom8, Buffer.from(title('Zażółć'))]),
  ],
  ['utf-16, which it cannot be', 'text/html', Buffer.from(`<meta charset="utf-16">${title('Zażółć')}`)],
  [
    'nothing, in utf-16 by its mark',
    'text/html',
    Buffer.concat([bomLe, Buffer.from(title('Zażółć'), 'utf16le')]),
  ],
  ['nothing, in utf-16be by its mark', 'text/html', Buffer.concat([bomBe, utf16be(title('Zażółć'))])],
  ['utf-16be by its server', 'text/html; charset=utf-16be', utf16be(title('Zażółć'))],
  [
    'one in a comment, and another',
    'text/html',
    bytes(`<!-- <meta charset=koi8-r> --><meta charset=l2>${title(latin2)}`),
  ],
  ['nothing, in utf-8', 'text/html', Buffer.from(title('Zażółć'))],
  ['nothing, in iso-8859-2', 'text/html', bytes(title(latin2))],
  ['nothing, in windows-1250', 'text/html', bytes(`${title(latin2)}\x84\x94`)],
  [
    'iso-8859-2 as XML does',
    'application/xhtml+xml',
    bytes(`<?xml version="1.0" encoding="iso-8859-2"?>${title(latin2)}`),
  ],
  ['nothing that can be parsed', 'text/html; charset', Buffer.from(title('Zażółć'))],
])('a page that declares %s is read as browsers read it', async (_, ofType, content) => {
  type = ofType
  body = content
  expect((await readPage(`${site.address}/`)).title).toBe('Zażółć')
})

test('a page declared as x-user-defined is read as windows-1252', async () => {
  type = 'text/html'
  body = bytes(`<meta charset=x-user-defined>${title('\x84\xd3\x94')}`)
  expect((await readPage(`${site.address}/`)).title).toBe('„Ó”')
})

test.each<[encoding: string, pack: (body: string) => Buffer]>([
  ['gzip', gzipSync],
  ['X-GZIP', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
  ['identity', Buffer.from],
])('a page compressed by %s (%o) is read', async (ofEncoding, pack) => {
  type = 'text/html'
  encoding = ofEncoding
  for (body of [pack(title('Zażółć')), pack(title('Zażółć') + far.repeat(50))])
    expect((await readPage(`${site.address}/`)).title).toBe('Zażółć')
  encoding = 'identity'
})
