import { expect, test } from 'vitest'
import { cleanContent } from './content.ts'
import { structure } from './structure.ts'

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
  ['paragraphs alone', `<p>"a" 'b' = \u00a0🦊\n\tc</p><p>d<br><br>e</p>`, undefined],
  ['lists', '<ol><li>a</li></ol><ul><li>b</li></ul>', undefined],
  ['code', '<pre>a\n  b</pre><p><code>c</code></p>', undefined],
  ['a mention of nobody', '<p><span class="mention">@Anna</span></p>', '<p>@Anna</p>'],
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
  [
    'what Word adds',
    '<xml><w:x>0</w:x></xml><![if !y]><p>a<o:p></o:p> <st1:city w:st="on">b</st1:city></p>',
    '<p>a b</p>',
  ],
  ['an icon', '<p><svg viewBox="0 0 9 9"><path d="M0 0"/></svg> a</p>', '<p> a</p>'],
  ['a formula', '<p><math><msup><mi>x</mi><mn>2</mn></msup></math></p>', '<p>x2</p>'],
  [
    'a link in a link',
    '<a href="https://a.pl"><ul><li>a<a href="https://b.pl">b</a></li></ul>',
    '<ul><li><a href="https://a.pl" rel="noopener noreferrer nofollow">a</a><a href="https://b.pl" rel="noopener noreferrer nofollow">b</a></li></ul>',
  ],
  ['empty lines around', '<p><br></p><p>a</p><p><br></p><p> </p>', '<p>a</p>'],
  ['an empty line within', '<p>a</p><p><br></p><p>b</p>', undefined],
])('%s', (_, given, kept) => {
  expect(html(given)).toBe(kept ?? given)
  expect(html(html(given))).toBe(html(given))
})

test('text without a tag becomes a paragraph', () => {
  expect(html('1 < 2 & 3 > 2\r\nb')).toBe('<p>1 &lt; 2 &amp; 3 &gt; 2<br>b</p>')
  expect(html('a <3 b')).toBe('<p>a &lt;3 b</p>')
})

test.each([
  'Napisz do Jan Nowak <jan@example.org> dzisiaj',
  '<https://example.org/x>',
  'a<b',
  'a <b i c> d',
  'kocham <3',
  'x < y > z',
  'List<String> i Map<String, List<Integer>>',
  '<Jan>',
  'cat </dev/null>',
  '<!-- uwaga',
  '<!-- uwaga -->',
  '<?xml version="1.0"?>',
  '<![CDATA[x]]>',
  '<ó> <żółw>',
  'koniec <b',
  'koniec <a href="https://example.org',
  '<bb> <p2> <xyz onclick=alert(1)>',
  '<>, </>, < b>, <-, ->, <=>',
  '<script> w nagłówku',
  '<textarea> bez końca',
  '</b2> i </Jan>',
  'List<Object> i Map<Object, Time>, podaj <address>, wartość <a>, pole <input>, <section> i <time>',
  '#include <stdio.h>',
  'if (a<b && c>d) { x<<=1 }',
  'a<b'.repeat(70),
])('%j has no tag, and is kept as it is', (written) => {
  expect(text(written)).toBe(written)
  expect(text(`<p>a</p>${written}`)).toBe(`a\n${written.replace('<!-- uwaga -->', '')}`.trim())
  expect(html(html(written))).toBe(html(written))
})

test.each([
  ['a table', '<table><tr><td>Jan</td><td>Kowalski</td><td>12</td></tr></table>', 'Jan Kowalski 12'],
  ['rows', '<table><tbody><tr><th>a<th>b<tr><td>c<td>d</table>', 'a b\nc d'],
  [
    'paragraphs in cells',
    '<tr><td><p>a</p></td><td><p>b</p><p>c</p></td></tr><tr><td>d</td></tr>',
    'a b\nc\nd',
  ],
  ['blocks in cells', '<tr><td><div>a</div></td>\n <td><h3>b</h3></td></tr>', 'a b'],
  [
    'a table in a table',
    '<table><tr><td><table><tr><td>a<td>b</table></td><td>c</td></tr></table>',
    'a b\nc',
  ],
  ['a list in a cell', '<tr><td>a</td><td><ul><li>b<li>c</ul></td></tr>', 'a\n• b\n• c'],
  ['a field', '<p>a</p><textarea rows="2">b &lt;c&gt;\n d</textarea>e', 'a\nb <c>\n de'],
  ['a field with tags', '<textarea><b>a</b></textarea>', '<b>a</b>'],
  ['an example', '<xmp><b>a</b> &amp;</xmp>', '<b>a</b> &amp;'],
  [
    'a drawing',
    '<svg><style>a{}</style><g><text>Jan</text>\n<text x="1">Ewa &amp; Ola</text></g></svg> po',
    'Jan Ewa & Ola po',
  ],
  ['a drawing with a script', 'a <svg><script>b</script><desc>c</desc><metadata>d</metadata></svg>', 'a c'],
  ['a heading', '<h2>Zebranie</h2>Jutro o 18', 'Zebranie\nJutro o 18'],
  ['headings', '<h1>a</h1><h6>b</h6>', 'a\nb'],
  ['definitions', '<dl><dt>a<dd>b<dt>c<dd>d</dl>', 'a\nb\nc\nd'],
  ['sections', '<section><header>a</header><article>b</article></section>c', 'a\nb\nc'],
  ['an address', 'a<address>b</address>c', 'a\nb\nc'],
  ['a rule', 'a<hr>b', 'a\nb'],
  ['a rule in a paragraph', '<p>a<hr>b', 'a\nb'],
  ['a figure', '<figure><img src=x alt="👍"><figcaption>b</figcaption></figure>', '👍\nb'],
  ['options', '<select><option>a<option>b</select>c', 'a\nb\nc'],
  ['divs', '<div><div>a</div>b<div>c</div>d</div>', 'a\nb\nc\nd'],
  ['blocks in a format', '<b><div>a</div><div>b</div></b>', 'a\nb'],
  ['blocks in an item', '<ul><li><div>a</div><div>b</div></li></ul>', '• a\nb'],
  ['lines of code in blocks', '<pre><div>a</div><div>  b</div></pre>', 'a\n  b'],
  ['details', '<details><summary>a</summary>b</details>', 'a\nb'],
  ['a form', '<form><fieldset><legend>a</legend><label>b</label></fieldset></form>c', 'a\nb\nc'],
  ['words that stand together', 'x<sup>2</sup> H<sub>2</sub>O <font>a</font><big>b</big>', 'x2 H2O ab'],
])('%s: blocks and rows become lines, cells are separated by a space', (_, given, read) => {
  expect(text(given!)).toBe(read)
  expect(html(html(given!))).toBe(html(given!))
})

const seventy = (piece: string) => piece.repeat(70)
test.each([
  ...[
    '<li>x',
    '<p>x',
    'a<b',
    '<li><b>x',
    '<p><b>x',
    '<tr><td>x',
    '<option>x',
    '<dt>x<dd>y',
    '<h2>x',
    '<th>x',
  ],
  ...[
    '<a href="https://x.pl">x',
    '<br>x',
    '<hr>x',
    '<img>x',
    '<input>x',
    '<wbr>x',
    '<div>x</div>',
    '</b>x',
    '<Jan>',
  ],
  ...['<tbody><tr><td>x', '<ul><li>x</ul>', '<button>x', '<table><tr><td><p>x</table>'],
])('seventy times %s is not deep', (piece) => {
  expect(problem(seventy(piece))).toBeUndefined()
})

test.each([
  '<b>',
  '<div>',
  '<span x=y>',
  '<ul><li>',
  '<blockquote>',
  '<font x=y>',
  '<table><tr><td>',
  '<i><b></i>',
])('seventy times %s is deep', (piece) => {
  expect(problem(`${seventy(piece)}x`)).toBe(400)
})

const invisible = [
  ...[
    '\u200b',
    '\u200d',
    '\u2060',
    '\u00ad',
    '\u2800',
    '\u3164',
    '\ufe0f',
    '\u202e',
    '\u0301',
    '\ufeff',
    '\u115f',
  ],
  ...['\u034f', '\u180e', '\u{e0041}', '\u2028', '\u3000', '\u00a0', '\u200b \u200d\n'],
]
test.each(invisible)('%j counts as invisible', (sign) => {
  for (const content of [
    sign,
    sign.repeat(3),
    `<p>${sign}</p>`,
    `<ul><li>${sign}</li></ul>`,
    `<p><b>${sign}</b></p>`,
  ])
    expect(problem(content), content).toBe(400)
  expect(cleanContent(`<p>${sign}</p>`, { mayBeEmpty: true })).toEqual({ html: '', text: '' })
})

test.each([
  '🎉',
  '🇵🇱',
  '1\ufe0f\u20e3',
  '❤\ufe0f',
  '👨‍👩‍👧‍👦',
  '☺',
  '.',
  '…',
  '한',
  'e\u0301',
  '<',
  '&',
  '\ue000',
])('%s alone is a message', (sign) => {
  expect(text(sign)).toBe(sign)
})

test.each([
  ['www.example.org', 'https://www.example.org'],
  ['example.org/a', 'https://example.org/a'],
  ['jan@example.org', 'mailto:jan@example.org'],
  ['mailto:jan@example.org', 'mailto:jan@example.org'],
  ['tel:+48600100200', 'tel:+48600100200'],
  ['https://example.org/?a=1&amp;b=2', 'https://example.org/?a=1&amp;b=2'],
  ['https:example.org', 'https://example.org/'],
  ['&#104;ttps://example.org', 'https://example.org'],
])('a link to %s leads to %s', (href, target) => {
  expect(html(`<p><a href="${href}">a</a></p>`)).toBe(
    `<p><a href="${target}" rel="noopener noreferrer nofollow">a</a></p>`,
  )
})

test.each(['/wiadomosci/5', 'wiadomosci', '#a', '?a', '//example.org', 'ftp://example.org', 'plik.pdf', ''])(
  'of a link to %j the words stay',
  (href) => {
    expect(html(`<p><a href="${href}">a</a></p>`)).toBe('<p>a</p>')
  },
)

test('the plain text has lines where the reader sees lines, and entities resolved', () => {
  expect(text('<p>a &amp; b</p><ul><li>c</li><li>d</li></ul><p>e<br>f</p>')).toBe('a & b\n• c\n• d\n\ne\nf')
  expect(text('مرحبا 👨‍👩‍👧‍👦')).toBe('مرحبا 👨‍👩‍👧‍👦')
})

test('content that is empty, too long or nested too deeply is refused', () => {
  for (const empty of ['', '   ', '<p></p>', '<p><br></p>', '<p>&nbsp;</p>', '<script>a</script>'])
    expect(problem(empty)).toBe(400)
  expect(problem('a'.repeat(20_000))).toBeUndefined()
  expect(problem('a'.repeat(20_001))).toBe(400)
  expect(problem('👍'.repeat(16_000))).toBeUndefined()
  expect(problem('é'.repeat(20_000))).toBeUndefined()
  expect(problem(`<ol>${'<li>12345</li>'.repeat(4000)}</ol>`)).toBeUndefined()
  expect(problem('ą'.repeat(33_000))).toBe(413)
  expect(problem(`${'<b>'.repeat(64)}a${'</b>'.repeat(64)}`)).toBeUndefined()
  expect(problem(`${'<b>'.repeat(65)}a${'</b>'.repeat(65)}`)).toBe(400)
  for (const pair of ['<b></z>', '<b></b1>', '<i><b></i>'])
    expect(problem(`${pair.repeat(100)}a`), pair).toBe(400)
  expect(problem(`<p>${'a<br>'.repeat(1000)}</p>`)).toBeUndefined()
})

test('content that grows beyond the limit when it is cleaned is refused too', () => {
  expect(problem('<a href="https://e.pl">a</a>'.repeat(1500))).toBe(413)
  expect(html(`${'<a></a>'.repeat(9000)}hi`)).toBe('<p>hi</p>')
})

test('hostile input takes no longer than a page of ordinary text', () => {
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
    ...[
      '<b><p>x',
      '<li>',
      '<td>',
      '<Jan ',
      '<time>',
      '</time',
      '<script>',
      '<svg></svg',
      `<p a=' d=" c=' b="`,
      '<p a="<" ',
    ],
    ...['<a href="www.x.pl"><p>x', '<![CDATA[', '<?', '-->', '<pre>\n', '<img alt="x">', '<i><b></i>'],
  ])
    expect(time(hostile.repeat(60_000 / Buffer.byteLength(hostile))), hostile).toBeLessThan(20 * floor)
  for (const once of [
    `<p>${'\u00a0'.repeat(10_000)}x</p>`,
    `<a href="x${' '.repeat(60_000)}x">a</a>`,
    `<a href="${' '.repeat(60_000)}">a</a>`,
    `<a href="https://x.pl/${'x'.repeat(50_000)}">${'<p>a'.repeat(2000)}`,
    `<p${' '.repeat(60_000)}`,
    `<p ${'a="b" '.repeat(10_000)}`,
    `<b x='${'"<b '.repeat(12_000)}`,
  ])
    expect(time(once), once.slice(0, 30)).toBeLessThan(20 * floor)
})

const names = (text: string) => text.trim().split(/\s+/)

test.each(
  names(`address article aside center details dialog dir div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header
    hgroup legend main menu nav p search section summary`),
)('<%s> is put on lines of its own', (name) => {
  expect(html(`<p>a</p><${name}>b<${name}>c</${name}></${name}><p>d</p>`)).toBe(
    '<p>a</p><p>b</p><p>c</p><p>d</p>',
  )
})

test.each(
  names(`abbr acronym bdi bdo big cite data dfn font ins kbd label mark meter output progress q samp small span sub sup
    time tt var slot button`),
)('<%s> is inline, and only its text stays', (name) => {
  expect(html(`a<${name}>b</${name}>c`)).toBe('<p>abc</p>')
})

test.each([
  ['strong', 'strong'],
  ['b', 'strong'],
  ['em', 'em'],
  ['i', 'em'],
  ['u', 'u'],
  ['s', 's'],
  ['del', 's'],
  ['strike', 's'],
  ['code', 'code'],
])('<%s> is <%s>', (given, kept) => {
  expect(html(`<p>a<${given.toUpperCase()}>b</${given}>c</p>`)).toBe(`<p>a<${kept}>b</${kept}>c</p>`)
})

test.each(names('iframe noembed noframes noscript script style template title xml'))(
  'of <%s> nothing stays',
  (name) => {
    expect(html(`<p>a<${name} x="y">b</${name}>c</p>`)).toBe('<p>ac</p>')
  },
)

test.each(names('area base basefont col embed frame input link meta param source track wbr'))(
  '<%s> has no end, and nothing in it',
  (name) => {
    expect(html(`<p>a<${name} x="y">b</p><p>c</p>`)).toBe('<p>ab</p><p>c</p>')
  },
)

test('a table becomes lines of text', () => {
  const table = `<table><caption>t</caption><thead><tr><th>a<th>b</thead><tbody><tr><td>c<td>d<tr><td>e</table><p>f</p>`
  expect(html(table)).toBe('<p>t</p><p>a b</p><p>c d</p><p>e</p><p>f</p>')
})

test('lists and quotations can be nested in each other', () => {
  expect(html('<ul><li>a<li>b</ul><p>c')).toBe('<ul><li>a</li><li>b</li></ul><p>c</p>')
  expect(html('<p>a<p>b<blockquote>c</blockquote>')).toBe('<p>a</p><p>b</p><blockquote>c</blockquote>')
})

test('a tag may have many attributes, with a few < in their values', () => {
  const attributes = Array.from({ length: 40 }, (_, i) => `data-${i}="x"`).join(' ')
  expect(html(`<p ${attributes}>a</p>`)).toBe('<p>a</p>')
  expect(html(`<p title="${'<'.repeat(15)}">a</p>`)).toBe('<p>a</p>')
  expect(html(`<p title="${'<'.repeat(16)}">a</p>`)).toContain('&lt;p title=')
  expect(html(`<p ${'title="<" '.repeat(8)}>a</p>`)).toBe('<p>a</p>')
  expect(html(`<p ${'title="<" '.repeat(9)}>a</p>`)).toContain('&lt;p title=')
})

test.each([
  '<jan@example.org>',
  'List<String>',
  'a <b and c> d',
  '1 < 2 > 0',
  '</>',
  '<3',
  'podaj <address>',
  'w polu <input>',
])('%j is text', (given) => {
  expect(text(given)).toBe(given)
})

test.each([
  'a',
  '<p>a</p>',
  '<ul><li>a</li></ul>',
  '<pre>a</pre>',
  'a<br>b',
  '<p>a</p>b',
  '<blockquote><p>a</p><ol><li>b</li></ol></blockquote><p>c</p>',
  '<p><strong>a<em>b</em></strong><em>c</em></p>',
])('%j is already in normal form, even before it is sanitized', (given) => {
  expect(structure(given).html).toBe(given)
})

test.each([
  '<!DOCTYPE html>',
  '<!doctype html PUBLIC "-//W3C//DTD HTML 4.01//EN">',
  '<![if !supportLists]>',
  '<![endif]>',
  '<!--[if gte mso 9]>x<![endif]-->',
  '<?xml:namespace prefix = "o" ns = "urn:schemas-microsoft-com:office:office" />',
])('%j is dropped', (declaration) => {
  expect(html(`<p>a${declaration}b</p>`)).toBe('<p>ab</p>')
})

test('attribute names are case-insensitive', () => {
  const link = '<a href="https://example.org" rel="noopener noreferrer nofollow">b</a>'
  for (const name of ['href', 'HREF', 'Href'])
    expect(html(`<p><a ${name}="https://example.org">b</a></p>`)).toBe(`<p>${link}</p>`)
})

test('the first of two equal attributes counts', () => {
  expect(html('<p><a href="https://a.pl" HREF="https://b.pl">a</a></p>')).toContain('"https://a.pl"')
})

test.each(['script', 'style', 'title'])(
  'an end of <%s> is found wherever it stands, and no other name is one',
  (name) => {
    expect(html(`<p>a<${name}>b</${name}x>c</${name.toUpperCase()} >d</p>`)).toBe('<p>ad</p>')
    expect(html(`<p>a<${name}>b</${name}x>c</p>`)).toContain(`&lt;${name}&gt;b`)
  },
)

test.each(['<!dock>', '<!a>', '<![x]>', '<?php echo 1 ?>', '<?xml:name>'])('%j is text', (given) => {
  expect(text(`<p>${given}</p>`)).toBe(given)
})
