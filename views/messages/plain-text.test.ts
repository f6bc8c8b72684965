import { expect, test } from 'vitest'
import { plainText } from './plain-text.ts'

const link = (href: string, words: string) =>
  `<a href="${href}" rel="noopener noreferrer nofollow">${words}</a>`

test.each([
  ['paragraphs', '<p>a</p><p>b</p>', 'a\nb'],
  ['an empty line', '<p>a</p><p><br></p><p>b</p>', 'a\n\nb'],
  ['many empty lines', `<p>a</p>${'<p><br></p>'.repeat(9)}<p>b</p>`, 'a\n\nb'],
  ['breaks', '<p>a<br>b</p>', 'a\nb'],
  ['entities', '<p>1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;</p>', '1 < 2 && 3 > 2 &lt;'],
  ['text outside of any paragraph', 'a <strong>b</strong><p>c</p>d', 'a b\nc\nd'],
  ['a numbered list', '<ol><li>budżet</li><li>piknik</li></ol>', '1. budżet\n2. piknik'],
  ['a dotted list', '<p>a:</p><ul><li>b</li><li>c</li></ul><p>d</p>', 'a:\n• b\n• c\n\nd'],
  [
    'lists in a list',
    '<ol><li>a<ol><li>b</li><li>c</li></ol></li><li>d<ul><li>e</li></ul></li><li>f</li></ol>',
    '1. a\n  1. b\n  2. c\n2. d\n  • e\n3. f',
  ],
  ['two lists', '<ol><li>a</li></ol><ol><li>b</li></ol>', '1. a\n\n1. b'],
  ['paragraphs in an item', '<ul><li><p>a</p><p>b</p></li></ul>', '• a\nb'],
  ['an item without a list', '<li>a</li><li>b</li>', '• a\n• b'],
  [
    'a long list',
    `<ol>${'<li>x</li>'.repeat(11)}</ol>`,
    Array.from({ length: 11 }, (_, i) => `${i + 1}. x`).join('\n'),
  ],
  ['a quotation', '<blockquote>a</blockquote><p>b</p>', 'a\nb'],
  ['code', '<pre>  if (a)\n\n\n    b()\n</pre><p>c</p>', '  if (a)\n\n\n    b()\nc'],
  ['code with an empty first line', '<pre>\n\n  a</pre>', '  a'],
  ['blanks', '<p>  a  b </p>', 'a  b'],
  ['a blank that does not break', '<p>a&nbsp;b\u00a0c</p>', 'a b c'],
  ['blanks between blocks', '<p>a</p>\n  <p>b</p>\n', 'a\nb'],
  [
    'a word that leads somewhere',
    `<p>na ${link('https://example.org/z', 'zebranie')}.</p>`,
    'na zebranie (https://example.org/z).',
  ],
  [
    'an address that leads there',
    `<p>${link('https://example.org/z', 'https://example.org/z')}</p>`,
    'https://example.org/z',
  ],
  ['an address without a scheme', `<p>${link('https://example.org/', 'Example.org')}</p>`, 'Example.org'],
  [
    'an address that leads elsewhere',
    `<p>${link('https://zly.example', 'https://bank.pl')}</p>`,
    'https://bank.pl (https://zly.example)',
  ],
  ['an e-mail address', `<p>${link('mailto:jan@example.org', 'jan@example.org')}</p>`, 'jan@example.org'],
  [
    'a name with an e-mail address',
    `<p>${link('mailto:jan@example.org', 'Jan')}</p>`,
    'Jan (jan@example.org)',
  ],
  ['a telephone number', `<p>${link('tel:+48600100200', '600 100 200')}</p>`, '600 100 200'],
  ['a word with a telephone number', `<p>${link('tel:+48600100200', 'biuro')}</p>`, 'biuro (+48600100200)'],
  [
    'an address with signs',
    `<p>${link('https://example.org/?a=1&amp;b=2', 'x')}</p>`,
    'x (https://example.org/?a=1&b=2)',
  ],
  [
    'a link in bold',
    `<p>${link('https://example.org', '<strong>x</strong>')}</p>`,
    'x (https://example.org)',
  ],
  ['a mention', '<p><span class="mention">@Anna</span> tak</p>', '@Anna tak'],
  ['nothing', '', ''],
])('%s: %s', (_, html, text) => {
  expect(plainText(html!)).toBe(text)
})
