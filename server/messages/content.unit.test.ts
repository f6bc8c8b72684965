import { expect, test } from 'vitest'
import { cleanContent } from './content.ts'

const html = (content: string) => cleanContent(content).html
const text = (content: string) => cleanContent(content).text
const problem = (content: string) => {
  try {
    cleanContent(content)
  } catch (error) {
    return (error as { status: number }).status
  }
}

test.each([
  [
    'what Quill writes',
    '<p>a <strong>b</strong> <em>c</em> <u>d</u> <s>e</s></p><blockquote>f</blockquote>',
    undefined,
  ],
  ['lists', '<ol><li>a</li></ol><ul><li>b</li></ul>', undefined],
  ['code', '<pre>a\n  b</pre><p><code>c</code></p>', undefined],
  ['a mention', '<p><span class="mention">@Anna</span></p>', undefined],
  ['a script', '<p>a</p><script>alert(1)</script>', '<p>a</p>'],
  ['a handler', '<p onclick="alert(1)">a</p>', '<p>a</p>'],
  ['a picture', '<p>a<img src=x onerror=alert(1)></p>', '<p>a</p>'],
  ['a style', '<p style="position:fixed">a</p><style>p{}</style>', '<p>a</p>'],
  ['a frame', '<p>a</p><iframe src="https://example.org"></iframe>', '<p>a</p>'],
  ['a span that is no mention', '<p><span class="x">a</span></p>', '<p>a</p>'],
  ['an id', '<p id="cookie" class="x" name="y">a</p>', '<p>a</p>'],
  [
    'older words for the same',
    '<p><b>a</b> <i>b</i> <del>c</del></p>',
    '<p><strong>a</strong> <em>b</em> <s>c</s></p>',
  ],
  [
    'a link',
    '<p><a href="https://example.org" target="_blank" onclick="x()">a</a></p>',
    '<p><a href="https://example.org" rel="noopener noreferrer nofollow">a</a></p>',
  ],
  ['a link that is a script', '<p><a href="javascript:alert(1)">a</a></p>', '<p>a</p>'],
  ['a link that is a hidden script', '<p><a href="java&#10;script:alert(1)">a</a></p>', '<p>a</p>'],
  ['a link to nowhere in particular', '<p><a href="//evil.example">a</a></p>', '<p>a</p>'],
  ['an svg', '<p>a</p><svg><script>alert(1)</script></svg>', '<p>a</p>'],
  ['a raw-text break-out', '<p>a</p><xmp></xmp><img src=x onerror=alert(1)></xmp>', '<p>a</p>'],
  ['a comment', '<p>a<!-- b --></p>', '<p>a</p>'],
  ['empty lines around', '<p><br></p><p>a</p><p><br></p><p> </p>', '<p>a</p>'],
  ['an empty line within', '<p>a</p><p><br></p><p>b</p>', undefined],
])('%s', (_, given, kept) => {
  expect(html(given)).toBe(kept ?? given)
  expect(html(html(given))).toBe(html(given))
})

test('text without a tag is a paragraph', () => {
  expect(html('1 < 2 & 3 > 2\r\nb')).toBe('<p>1 &lt; 2 &amp; 3 &gt; 2<br>b</p>')
  expect(html('a <3 b')).toBe('<p>a &lt;3 b</p>')
})

test('its plain text has lines where the reader sees lines, and entities resolved', () => {
  expect(text('<p>a &amp; b</p><ul><li>c</li><li>d</li></ul><p>e<br>f</p>')).toBe('a & b\nc\nd\n\ne\nf')
  expect(text('مرحبا 👨‍👩‍👧‍👦')).toBe('مرحبا 👨‍👩‍👧‍👦')
})

test('what says nothing, says too much or is nested too deeply is refused', () => {
  for (const empty of ['', '   ', '<p></p>', '<p><br></p>', '<p>&nbsp;</p>', '<script>a</script>'])
    expect(problem(empty)).toBe(400)
  expect(problem('a'.repeat(20_000))).toBeUndefined()
  expect(problem('a'.repeat(20_001))).toBe(400)
  expect(problem('ą'.repeat(33_000))).toBe(413)
  expect(problem(`${'<b>'.repeat(64)}a${'</b>'.repeat(64)}`)).toBeUndefined()
  expect(problem(`${'<b>'.repeat(65)}a${'</b>'.repeat(65)}`)).toBe(400)
  for (const pair of ['<b></z>', '<b></b1>', '<i><b></i>'])
    expect(problem(`${pair.repeat(100)}a`), pair).toBe(400)
  expect(problem(`<p>${'a<br>'.repeat(1000)}</p>`)).toBeUndefined()
})

test('what grows beyond the limit when it is cleaned is refused too', () => {
  expect(problem('<a href="https://e.pl">a</a>'.repeat(1500))).toBe(413)
  expect(html(`${'<a></a>'.repeat(9000)}hi`)).toBe('hi')
})

test('hostile shapes take no longer than a page of ordinary text', () => {
  const time = (content: string) => {
    const start = performance.now()
    problem(content)
    return performance.now() - start
  }
  const ordinary = '<p>Zażółć <strong>gęślą</strong> jaźń. </p>'.repeat(1000)
  const floor = Math.max(...[1, 2, 3].map(() => time(ordinary)))
  for (const hostile of [
    '<b>',
    '<p><br></p>',
    '<p>',
    '<',
    '<a href="',
    '&',
    '<!--',
    '<p> ',
    '\u00a0',
    '<p>\u00a0x</p>',
    '&nbsp;',
  ])
    expect(time(hostile.repeat(60_000 / Buffer.byteLength(hostile))), hostile).toBeLessThan(20 * floor)
  expect(time(`<p>${'\u00a0'.repeat(10_000)}x</p>`)).toBeLessThan(20 * floor)
})
