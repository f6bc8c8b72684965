import fc from 'fast-check'

const pieces = [
  'a',
  'Zażółć  gęślą',
  ' ',
  '   ',
  '\u00a0',
  '\t',
  '\u200f',
  '\u200d',
  '👩‍👩‍👧',
  '🇵🇱',
  'e\u0301',
  'عربى',
]
const signs = ['&amp;', '&lt;b&gt;', '&amp;nbsp;', '"', "'", '3. piętro', '[x]', '- ', '{{', '\u2028']
const words = fc
  .array(fc.constantFrom(...pieces, ...signs), { minLength: 1, maxLength: 4 })
  .map((all) => all.join(''))
const wrap =
  (name: string, open = name) =>
  (inner: string) =>
    `<${open}>${inner}</${name}>`
const link = wrap('a', 'a href="https://example.org/?a=1&amp;b=%22" rel="noopener noreferrer nofollow"')

/** Everything a message may have, nested in every way: more than the editor can show. */
export const anything = fc.letrec<{ inline: string; block: string; blocks: string }>((tie) => {
  const within = (...names: string[]) =>
    fc.tuple(fc.constantFrom(...names), tie('inline')).map(([name, inner]) => wrap(name)(inner))
  const items = fc.array(fc.oneof(tie('inline'), tie('blocks')), { minLength: 1, maxLength: 3 })
  return {
    inline: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'inline' },
      words,
      fc.constantFrom('<br>', '\n', '<span class="mention">@Anna</span>'),
      within('strong', 'em', 'u', 's', 'code'),
      tie('inline').map(link),
      fc.array(tie('inline'), { minLength: 2, maxLength: 3 }).map((all) => all.join('')),
    ),
    block: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'block' },
      tie('inline').map(wrap('p')),
      fc.oneof(tie('inline'), tie('blocks')).map(wrap('blockquote')),
      tie('inline').map(wrap('pre')),
      fc
        .tuple(fc.constantFrom('ul', 'ol'), items)
        .map(([name, all]) => wrap(name)(all.map(wrap('li')).join(''))),
      fc.tuple(fc.constantFrom('ul', 'ol'), tie('block')).map(([name, inner]) => wrap(name)(inner)),
      tie('inline'),
    ),
    blocks: fc.array(tie('block'), { minLength: 1, maxLength: 4 }).map((all) => all.join('')),
  }
}).blocks

const marked = fc.constantFrom(
  ...[
    'a',
    'b  c',
    'a &amp; <strong>b</strong>',
    '<code>a  b</code> c',
    '<strong>a <em>b <u>c</u></em></strong> d',
  ],
  ...[
    'a <span class="mention">@Anna</span>',
    '\u00a0a',
    '\ta',
    '  a',
    '<s>a</s> 👩‍👩‍👧',
    `x ${link('a <strong>b</strong> c')}`,
  ],
)
const lines = fc.array(marked, { minLength: 1, maxLength: 3 })
const broken = lines.map((all) => all.join('<br>'))
const list: fc.Memo<string> = fc.memo((depth) => {
  const sublist = depth > 1 ? fc.option(list(depth - 1), { nil: '' }) : fc.constant('')
  const item = fc.tuple(broken, sublist).map(([own, below]) => `<li>${own}${below}</li>`)
  return fc
    .tuple(fc.constantFrom('ul', 'ol'), fc.array(item, { minLength: 1, maxLength: 3 }))
    .map(([name, items]) => wrap(name)(items.join('')))
})
const code = fc
  .array(fc.constantFrom('a', '  b', '\tc', '', 'x &lt; y'), { minLength: 1, maxLength: 5 })
  .map((all) => wrap('pre')(`a\n${all.join('\n')}\nz`))
const quote = fc.oneof(
  broken.map(wrap('blockquote')),
  fc
    .array(broken.map(wrap('p')), { minLength: 2, maxLength: 3 })
    .map((all) => wrap('blockquote')(all.join(''))),
  list(2).map(wrap('blockquote')),
)
const paragraph = fc.oneof(broken.map(wrap('p')), fc.constant('<p><br></p>'))

/** Blocks as the editor itself writes them, without neighbours that it would merge. */
export const ordinary: fc.Arbitrary<string[]> = fc
  .array(fc.oneof(list(3), code, quote), { minLength: 1, maxLength: 4 })
  .chain((all) =>
    fc
      .array(paragraph, { minLength: all.length, maxLength: all.length })
      .map((between) => all.flatMap((block, index) => [block, between[index]!])),
  )
