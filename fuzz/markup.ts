import fc, { type Arbitrary } from 'fast-check'
import type { Pool } from './pool.ts'

const tags =
  'p br strong em u s a blockquote ol ul li code pre span script style svg math template iframe'.split(' ')
const attributes = [
  '',
  ' class="mention" data-user-id="1"',
  ' href="javascript:alert(1)"',
  ' href="https://example.invalid/?q=1"',
  ' onclick=alert(1)',
  ' style="position:fixed"',
  ' class="ql-indent-8" data-list="bullet"',
  ' src=x onerror=alert(1)',
]
const pieces = [
  'Dzień dobry',
  '&nbsp;',
  '&#0;',
  '&lt;script&gt;',
  '<',
  '<!--',
  ']]>',
  '\u202eabc',
  '👩🏽‍🚀',
  'http://127.0.0.1:1/a?b=c',
  'a\u0301\u0301\u0301',
  '\r\n\t',
]

/** Messages: plain text, and HTML that is nearly well formed. */
export function markup(pool: Pool): Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 20 }))
  const mention = fc
    .constantFrom(...[0, ...pool.of('user')])
    .map((id) => `<span class="mention" data-user-id="${id}">@ktoś</span>`)
  const element = fc
    .tuple(fc.constantFrom(...tags), fc.constantFrom(...attributes), piece, fc.nat(9))
    .map(([tag, attribute, inner, end]) => `<${tag}${attribute}>${inner}${end === 0 ? '' : `</${tag}>`}`)
  const deep = fc.integer({ min: 1, max: 90 }).map((depth) => `${'<blockquote>'.repeat(depth)}x`)
  const html = fc
    .array(fc.oneof(element, mention, piece), { minLength: 1, maxLength: 8 })
    .map((all) => all.join(''))
  return fc.oneof(
    { arbitrary: html, weight: 8 },
    { arbitrary: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }), weight: 4 },
    { arbitrary: deep, weight: 1 },
  )
}
