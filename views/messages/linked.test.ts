import { expect, test } from 'vitest'
import { firstWebAddress, linked, linkedText } from './linked.ts'

const a = (href: string, text = href) =>
  `<a href="${href}" target="_blank" rel="noopener noreferrer nofollow">${text}</a>`

test.each([
  ['<p>https://example.org</p>', `<p>${a('https://example.org')}</p>`],
  ['<p>a www.example.org, b</p>', `<p>a ${a('https://www.example.org', 'www.example.org')}, b</p>`],
  ['<p>jan@example.org</p>', `<p>${a('mailto:jan@example.org', 'jan@example.org')}</p>`],
  ['<p>600 100 200</p>', `<p>${a('tel:+48600100200', '600 100 200')}</p>`],
  ['bez akapitu: example.org', `bez akapitu: ${a('https://example.org', 'example.org')}`],
  ['<p>https://example.org/?a=1&amp;b=2</p>', `<p>${a('https://example.org/?a=1&amp;b=2')}</p>`],
  ['<p>&lt;jan@example.org&gt;</p>', `<p>&lt;${a('mailto:jan@example.org', 'jan@example.org')}&gt;</p>`],
  ['<p>&lt;b&gt; &amp;amp; 1 &lt; 2.</p>', '<p>&lt;b&gt; &amp;amp; 1 &lt; 2.</p>'],
  ['<p>a&nbsp;https://example.org</p>', `<p>a\u00a0${a('https://example.org')}</p>`],
  ['<p><strong>https://example.org</strong>/a</p>', `<p><strong>${a('https://example.org')}</strong>/a</p>`],
  ['<ul><li>https://example.org</li></ul>', `<ul><li>${a('https://example.org')}</li></ul>`],
  [
    '<p>https://a.example<br>https://b.example</p>',
    `<p>${a('https://a.example')}<br>${a('https://b.example')}</p>`,
  ],
  ['<p><code>https://example.org</code></p>', '<p><code>https://example.org</code></p>'],
  ['<pre>https://example.org 600 100 200</pre>', '<pre>https://example.org 600 100 200</pre>'],
  [
    '<pre>a</pre><p>www.example.org</p>',
    `<pre>a</pre><p>${a('https://www.example.org', 'www.example.org')}</p>`,
  ],
  [
    '<a href="https://example.org" rel="noopener">https://inny.example</a>',
    a('https://example.org', 'https://inny.example'),
  ],
  [
    '<a href="https://example.org"><strong>www.x.pl</strong></a>',
    a('https://example.org', '<strong>www.x.pl</strong>'),
  ],
  // Stored before targets had to be safe and absolute, or from the editor.
  ['<a href="www.example.org">tu</a> b', `${a('https://www.example.org', 'tu')} b`],
  [
    '<a href="/wiadomosci/1">tu</a> <a href="jan@example.org">b</a>',
    `tu ${a('mailto:jan@example.org', 'b')}`,
  ],
  ['<a href="javascript:alert(1)">tu</a>', 'tu'],
  ['<a>tu</a>', 'tu'],
  [
    '<a href="https://example.org/&quot;onclick=&quot;x">tu</a>',
    a('https://example.org/&quot;onclick=&quot;x', 'tu'),
  ],
  ['<p>https://example.org/"onclick="x</p>', `<p>${a('https://example.org/')}"onclick="x</p>`],
  ['', ''],
])('%s is rendered as %s', (html, drawn) => {
  expect(linked(html)).toBe(drawn)
})

test('plain text is escaped, and its addresses become links with the given attributes', () => {
  expect(linkedText('<b> www.example.org & "x"', ' class="text"')).toBe(
    '&lt;b&gt; <a href="https://www.example.org" target="_blank" rel="noopener noreferrer nofollow" class="text">www.example.org</a> &amp; "x"',
  )
})

test.each([
  ['<p>jan@example.org 600 100 200 example.org https://a.example</p>', 'https://example.org'],
  ['<p><a href="mailto:jan@example.org">https://a.example</a> https://b.example</p>', 'https://b.example'],
  ['<p><a href="https://a.example">https://b.example</a></p>', 'https://a.example'],
  ['<pre><a href="https://a.example">x</a></pre><p><code>b.pl</code></p>', undefined],
])('the first web address in %s is %s', (html, address) => {
  expect(firstWebAddress(html)).toBe(address)
})

test('near misses take no longer than ordinary text of twenty times the size', () => {
  const time = (html: string) => {
    const start = process.threadCpuUsage()
    linked(html)
    return process.threadCpuUsage(start).user
  }
  const text = (piece: string, length = 20_000) => `<p>a. 12 ${piece.repeat(length / piece.length)}</p>`
  const ordinary = text('Zebranie jutro o 18, ul. Polna 5, szczegóły na www.example.org. ', 400_000)
  const floor = Math.max(...[1, 2, 3].map(() => time(ordinary)))
  for (const piece of [
    ...[
      'http://',
      'https://(((',
      'http://a((',
      'www.',
      'www.a.',
      'a.',
      'a-',
      'a@',
      "a'",
      "'a",
      'a@b.',
      '@',
      '.',
      '(',
      '-',
    ],
    ...[
      '1',
      '1 ',
      '+1',
      '+1 (1)',
      '600 ',
      '600 100 ',
      '+48 ',
      '22 1',
      'tel ',
      'tel',
      'nr ',
      'zam',
      '(22',
      '0',
      "''",
      '„',
      ')',
    ],
  ])
    expect(time(text(piece)), piece).toBeLessThan(floor)
  for (const once of ['+', 'http://', 'www.', 'a@', 'tel. ', 'zam', "'"])
    for (const piece of ['1', 'a', '1 ', 'a.', '1.', 'a-', ').', "a'"])
      expect(time(text(once + piece.repeat(19_000 / piece.length), 20_000)), once + piece).toBeLessThan(floor)
})

const mention = '<span class="mention" data-user-id="7">'
const shown = (me = '') =>
  `<span class="mention${me}" data-user-id="7" data-person="7" role="button" aria-haspopup="dialog" data-inner tabindex="-1">`

test.each([
  ['can be opened', `<p>do ${mention}@Anna</span>!</p>`, `<p>do ${shown()}@Anna</span>!</p>`],
  ['has a name and no addresses', `${mention}@example.org</span>`, `${shown()}@example.org</span>`],
  [
    'ends where its name does',
    `${mention}@A</span> a.pl`,
    `${shown()}@A</span> ${a('https://a.pl', 'a.pl')}`,
  ],
  [
    'is no button within a link',
    `<a href="https://a.pl">${mention}@A</span></a>`,
    a('https://a.pl', `${mention}@A</span>`),
  ],
  ['nor within code', `<code>${mention}@A</span></code>`, `<code>${mention}@A</span></code>`],
])('a mention %s', (_, html, expected) => {
  expect(linked(html, 8)).toBe(expected)
})

test('a mention of the viewer stands out, and no name has a preview', () => {
  expect(linked(`${mention}@Anna</span>`, 7)).toBe(`${shown(' mention--me')}@Anna</span>`)
  expect(firstWebAddress(`<p>${mention}@example.org</span></p>`)).toBeUndefined()
  expect(firstWebAddress(`<p>${mention}@example.org</span> a.pl</p>`)).toBe('https://a.pl')
})
