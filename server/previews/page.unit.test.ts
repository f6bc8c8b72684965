import { expect, test } from 'vitest'
import { stranger } from '../testing/stranger.ts'

const site = await stranger((_req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end())
process.env.LINK_PREVIEW_ALLOW_HOSTS = site.host
const { aboutPage, readPage } = await import('./page.ts')

const about = (html: string) => aboutPage(html, new URL('https://example.org/a/b'))
const nothing = { title: null, description: null, image: null }

test('a page is described by its og: tags', async () => {
  const found = about(`<!doctype html><html><head>
    <meta property="og:title" content="Zjazd &amp; wybory &quot;2026&quot;"><title>Inny</title>
    <meta property="og:description" content="Pierwszy\n  wiersz"><meta name="description" content="Inny">
    <meta property="og:image" content="/zdjecie.jpg?a=1&amp;b=2"></head></html>`)
  expect(found).toEqual({
    title: 'Zjazd & wybory "2026"',
    description: 'Pierwszy wiersz',
    image: 'https://example.org/zdjecie.jpg?a=1&b=2',
  })
})

test('without them it is described by its title and description', async () => {
  const found = about('<title> Strona\n domowa </title><META NAME="Description" CONTENT="O nas">')
  expect(found).toEqual({ title: 'Strona domowa', description: 'O nas', image: null })
  expect(about('')).toEqual(nothing)
  expect(about('<p>x</p>')).toEqual(nothing)
})

test('the description is one line of plain text, not too long, that cannot change the direction of text around it', async () => {
  const { title, description } = about(
    `<title>&lt;img src=x onerror=alert(1)&gt; \u202eevil\u0007 &#0; &#xd800;</title>
     <meta name="description" content="${'ą'.repeat(1000)}">`,
  )
  expect(title).toBe('<img src=x onerror=alert(1)> evil \ufffd \ufffd')
  expect([[...description!].length, description!.at(-1)]).toEqual([400, '…'])
})

const meta = (property: string, content: string) => `<meta property="${property}" content="${content}">`

test.each<[says: string, html: string, about: object]>([
  ['two titles', '<title>Pierwszy</title><title>Drugi</title>', { title: 'Pierwszy' }],
  ['two of og:title', meta('og:title', 'Pierwszy') + meta('og:title', 'Drugi'), { title: 'Pierwszy' }],
  ['an empty og:title', `${meta('og:title', ' ')}<title>Strona</title>`, { title: 'Strona' }],
  ['an empty og:title and another', meta('og:title', '') + meta('og:title', 'Drugi'), { title: 'Drugi' }],
  [
    'the title of a drawing first',
    '<svg><title>Ikona</title></svg><title>Strona</title>',
    { title: 'Strona' },
  ],
  ['only the title of a drawing', '<svg><title>Ikona</title></svg>', { title: null }],
  ['a title in a script', '<script>"<title>x</title>"</script><title>Strona</title>', { title: 'Strona' }],
  [
    'only twitter:title',
    meta('twitter:title', 'T') + meta('twitter:description', 'D'),
    { title: 'T', description: 'D' },
  ],
  ['twitter:title by name', '<meta name="Twitter:Title" content="T"><title>S</title>', { title: 'T' }],
  ['og:title by name', '<meta content="Zjazd" name="og:title">', { title: 'Zjazd' }],
  ['several properties in one', meta('og:title twitter:title', 'Zjazd'), { title: 'Zjazd' }],
  ['only twitter:image', meta('twitter:image', '/a.jpg'), { image: 'https://example.org/a.jpg' }],
  ['only twitter:image:src', meta('twitter:image:src', 'a.jpg'), { image: 'https://example.org/a/a.jpg' }],
  ['og:image:url', meta('og:image:url', '//cdn.example.org/a'), { image: 'https://cdn.example.org/a' }],
  ['itemprop', '<meta itemprop="image" content="/a.jpg">', { image: 'https://example.org/a.jpg' }],
  [
    'an image beside its base',
    `<base href="/x/"><base href="/y/">${meta('og:image', 'a.jpg')}`,
    { image: 'https://example.org/x/a.jpg' },
  ],
  [
    'a base on another host',
    `${meta('og:image', 'a.jpg')}<base href="https://cdn.example.org/z/">`,
    { image: 'https://cdn.example.org/z/a.jpg' },
  ],
  [
    'a base that is none',
    `<base href="javascript:x">${meta('og:image', 'a.jpg')}`,
    { image: 'https://example.org/a/a.jpg' },
  ],
  [
    'an image with entities and blanks',
    meta('og:image', ' /a.jpg?x=1&amp;y=&#50; '),
    { image: 'https://example.org/a.jpg?x=1&y=2' },
  ],
  [
    'an empty image, and one',
    meta('og:image', '') + meta('og:image', '/a.jpg'),
    { image: 'https://example.org/a.jpg' },
  ],
  [
    'an image that is in the page',
    meta('og:image', 'data:image/png;base64,x') + meta('twitter:image', '/a'),
    { image: 'https://example.org/a' },
  ],
  ['entities twice', meta('og:title', 'A &amp;amp; B'), { title: 'A &amp; B' }],
  ['a meta without content', '<meta property="og:title"><title>Strona</title>', { title: 'Strona' }],
])('of a page that says %s', (_, html, expected) => {
  expect(about(html)).toMatchObject(expected)
})

test('a page is requested without cookies, credentials or referrer', async () => {
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
  // CPU time of this thread: the machine may be busy.
  const start = process.threadCpuUsage()
  const { title, description } = about(html)
  expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(1000)
  expect((title ?? '').length + (description ?? '').length).toBeLessThanOrEqual(600)
})
