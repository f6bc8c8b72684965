import { expect, test } from 'vitest'
import { stranger } from '../testing/stranger.ts'

let body: Buffer | string = ''
let type = 'text/html'
const site = await stranger((_req, res) => res.writeHead(200, { 'content-type': type }).end(body))
process.env.LINK_PREVIEW_ALLOW_HOSTS = site.host
const { aboutPage, readPage } = await import('./page.ts')

const about = (html: string) => aboutPage(html, new URL('https://example.org/a/b'))
const nothing = { title: null, description: null, image: null }

test('a page says of itself what its og: tags say', async () => {
  const found = await about(`<!doctype html><html><head>
    <meta property="og:title" content="Zjazd &amp; wybory &quot;2026&quot;"><title>Inny</title>
    <meta property="og:description" content="Pierwszy\n  wiersz"><meta name="description" content="Inny">
    <meta property="og:image" content="/zdjecie.jpg?a=1&amp;b=2"></head></html>`)
  expect(found).toEqual({
    title: 'Zjazd & wybory "2026"',
    description: 'Pierwszy wiersz',
    image: 'https://example.org/zdjecie.jpg?a=1&b=2',
  })
})

test('else what its title and description say', async () => {
  const found = await about('<title> Strona\n domowa </title><META NAME="Description" CONTENT="O nas">')
  expect(found).toEqual({ title: 'Strona domowa', description: 'O nas', image: null })
  expect(await about('')).toEqual(nothing)
  expect(await about('<p>x</p>')).toEqual(nothing)
})

test('it is plain text of one line, not too long, that cannot turn what stands around it', async () => {
  const { title, description } = await about(
    `<title>&lt;img src=x onerror=alert(1)&gt; \u202eevil\u0007 &#0; &#xd800;</title>
     <meta name="description" content="${'ą'.repeat(1000)}">`,
  )
  expect(title).toBe('<img src=x onerror=alert(1)> evil \ufffd \ufffd')
  expect([[...description!].length, description!.at(-1)]).toEqual([400, '…'])
})

test.each([
  ['utf-8', 'text/html; charset=utf-8', Buffer.from('<title>Zażółć</title>')],
  [
    'windows-1250',
    'text/html; charset=windows-1250',
    Buffer.from('<title>Za\xbf\xf3\xb3\xe6</title>', 'latin1'),
  ],
  [
    'iso-8859-2',
    'text/html',
    Buffer.from('<meta charset="iso-8859-2"><title>Za\xbf\xf3\xb3\xe6</title>', 'latin1'),
  ],
  ['a charset nobody knows', 'text/html; charset=klingon', Buffer.from('<title>Zażółć</title>')],
])('a page in %s is read', async (_, ofType, content) => {
  type = ofType
  body = content
  expect((await readPage(`${site.address}/`)).title).toBe('Zażółć')
})

test('it is asked for without cookies, credentials or where the question comes from', async () => {
  await readPage(`${site.address}/a?b=c#d`)
  expect(site.asked.at(-1)).toBe('/a?b=c')
  expect(Object.keys(site.headers).sort()).toEqual([
    'accept',
    'accept-encoding',
    'accept-language',
    'connection',
    'host',
    'user-agent',
  ])
})

const most = 1024 * 1024
const fill = (piece: string) => piece.repeat(Math.ceil(most / piece.length)).slice(0, most)

test.each([
  ['nested divs', fill('<div>')],
  ['nested bold', fill('<b>')],
  ['nested in the head', `<head>${fill('<noscript><span>')}`],
  ['tables in tables', fill('<table><tr><td>')],
  ['nested SVG', fill('<svg><g>')],
  ['forms and their ends', fill('</form><p></b><form>')],
  ['tags that do not end', fill('<a ')],
  ['angle brackets', fill('<')],
  ['a comment without end', fill('<!--')],
  ['comments', fill('<!-- -->')],
  ['a script without end', `<script>${fill('<')}`],
  ['attributes', `<meta ${fill('a=b ')}>`],
  ['different attributes', `<meta ${Array.from({ length: 90_000 }, (_, i) => `a${i}=b`).join(' ')}>`],
  ['one attribute', `<meta name="description" content="${fill('x')}">`],
  ['a quote without end', `<meta content="${fill('x')}`],
  ['meta tags', fill('<meta property="og:image" content="/x">')],
  ['titles', fill('<title>')],
  ['a title without end', `<title>${fill('x &amp; ')}`],
  ['entities', `<title>${fill('&lt')}</title>`],
  ['half an entity', `<title>&${fill('a')}</title>`],
  ['doctypes', fill('<!doctype html>')],
  ['CDATA', fill('<![CDATA[')],
  ['NULs', fill('\0')],
  ['right-to-left marks', `<title>${fill('\u202e')}</title>`],
  ['white space', `<title>${fill(' \n')}x</title>`],
])('a mebibyte of %s is read in no time', async (_, html) => {
  // Of this thread's own work: others may be busy on the same machine.
  const start = process.threadCpuUsage()
  const { title, description } = await about(html)
  expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(1000)
  expect((title ?? '').length + (description ?? '').length).toBeLessThanOrEqual(600)
})
