import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { expect, test } from 'vitest'
import { Problem } from '../web/problem.ts'
import { cleanContent } from './content.ts'

const allowed: Record<string, string[]> = {
  ...{
    p: [],
    br: [],
    strong: [],
    em: [],
    u: [],
    s: [],
    blockquote: [],
    ol: [],
    ul: [],
    li: [],
    code: [],
    pre: [],
  },
  ...{ a: ['href', 'rel'], span: ['class', 'data-user-id'] },
}

/** What a browser would make of it beyond what the contract allows. */
function foreign(node: DefaultTreeAdapterTypes.ParentNode): string[] {
  return node.childNodes.flatMap((child) => {
    if (child.nodeName === '#text') return []
    if (!('attrs' in child)) return [child.nodeName]
    const names = child.attrs.map(({ name }) => name)
    const attributes = names.filter((name) => !allowed[child.tagName]?.includes(name))
    const href = child.attrs.find(({ name }) => name === 'href')?.value ?? 'https://'
    return [
      ...(allowed[child.tagName] ? [] : [child.tagName]),
      ...attributes.map((name) => `${child.tagName} ${name}`),
      ...(child.tagName === 'a' && !names.includes('href') ? ['a without href'] : []),
      ...(/^(?:https?:\/\/|mailto:|tel:)/i.test(href) ? [] : [href]),
      ...foreign(child),
    ]
  })
}

const names = new Map([[7, 'Anna <img src=x onerror=alert(1)> "&quot;']])

/** The cleaned HTML; undefined when it is refused. */
function clean(content: string): string | undefined {
  try {
    return cleanContent(content, { mayBeEmpty: true, names }).html
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

function expectHarmless(content: string): void {
  const html = clean(content)
  if (html === undefined) return
  expect(foreign(parseFragment(html)), html).toEqual([])
  expect(clean(html), html).toBe(html)
}

const payloads = ['<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '<svg onload=alert(1)>']

test.each([
  (bad: string) => bad,
  (bad: string) => `<img${bad}`,
  (bad: string) => `<a<b>${bad}`,
  (bad: string) => `<a ${bad}`,
  (bad: string) => `<p title="${bad}">a</p>`,
  (bad: string) => `<p title='${bad}'>a</p>`,
  (bad: string) => `<p title=${bad}>a</p>`,
  (bad: string) => `<p title="'${bad}'" '>a</p>`,
  (bad: string) => `<p title="a" ">${bad}</p>`,
  (bad: string) => `<p title="a${bad}`,
  (bad: string) => `<a href="https://x.pl/${bad}">a</a>`,
  (bad: string) => `<a href='https://x.pl/"${bad}'>a</a>`,
  (bad: string) => `<a href="https://x.pl/&quot;&gt;${bad}">a</a>`,
  (bad: string) => `<!-- ${bad} --> a`,
  (bad: string) => `<!--> ${bad} -->`,
  (bad: string) => `<p>a</p><!---> ${bad} --!> b -->`,
  (bad: string) => `<!-- --!> ${bad}`,
  (bad: string) => `<![CDATA[ ${bad} ]]>`,
  (bad: string) => `<svg><![CDATA[ ${bad} ]]></svg>`,
  (bad: string) => `<?xml ${bad} ?>`,
  (bad: string) => `<!doctype ${bad}`,
  (bad: string) => `<script><!-- ${bad} </script> -->${bad}`,
  (bad: string) => `<style>${bad}</style ${bad}>`,
  (bad: string) => `<SCRIPT/x>${bad}</ScRiPt\n>${bad}`,
  (bad: string) => `<xmp></xmp><xmp>${bad}</xmp>${bad}`,
  (bad: string) => `<textarea></textareaX>${bad}</textarea>`,
  (bad: string) => `<title>${bad}</title>`,
  (bad: string) => `<noscript><p title="</noscript>${bad}">`,
  (bad: string) => `<math><mtext><table><mglyph><style><!--</style>${bad}`,
  (bad: string) => `<form><math><mtext></form><form><mglyph><style></math>${bad}`,
  (bad: string) => `<svg></p><style><a id="</style>${bad}">`,
  (bad: string) => `<template>${bad}</template>`,
  (bad: string) => `<select><option><style></option></select>${bad}`,
  (bad: string) => `<plaintext>${bad}`,
  (bad: string) => `<iframe srcdoc="${bad}">${bad}</iframe>`,
  (bad: string) => bad.replaceAll('<', '&lt;'),
  (bad: string) => bad.replaceAll('<', '&amp;lt;'),
  (bad: string) => `<p>${bad.replaceAll('<', '&#60')}</p>`,
  (bad: string) => bad.replaceAll('<', '<\0'),
  (bad: string) => bad.replaceAll('<', '\0<'),
  (bad: string) => bad.replaceAll(' ', '/'),
  (bad: string) => bad.replaceAll(' ', '\f'),
  (bad: string) => `<pre>\n${bad}</pre>`,
  (bad: string) => `<pre><code>${bad}</pre></code>`,
  (bad: string) => `<a href="javascript:alert(1)">${bad}</a>`,
  (bad: string) => `<a href="&#106;avascript&colon;alert(1)">${bad}</a>`,
  (bad: string) => `<a href="https://x.pl" href="javascript:1">${bad}</a>`,
  (bad: string) => `<span class="mention x${bad}">a</span>`,
  (bad: string) => `<span class="mention" class=x onclick=x>${bad}</span>`,
  (bad: string) => `<span class="mention" data-user-id="7">@${bad}</span>`,
  (bad: string) => `<span class="mention" data-user-id='7"${bad}'>@a</span>`,
  (bad: string) => `<span class="mention" data-user-id="7"><span ${bad}>@a</span>${bad}`,
  (bad: string) => `<b><p><i>${bad}</b></p></i>`,
  (bad: string) => `<p "<b>">${bad}`,
  (bad: string) => `<p =<b>${bad}`,
  (bad: string) => `</p ${bad}>`,
  (bad: string) => `<ſcript>alert(1)</ſcript><İmg${bad}`,
  (bad: string) => `<o:p ${bad}></o:p><x:y ${bad}>`,
  (bad: string) => `<table><tr><td>${bad}<td>${bad}</table>`,
  (bad: string) => `<img alt="${bad.replaceAll('"', '')}">`,
  (bad: string) => `<img alt="&lt;script&gt;alert(1)&lt;/script&gt;">${bad}`,
])('%s leaves nothing but what the contract allows', (hide) => {
  for (const bad of payloads) expectHarmless(hide(bad))
})

const piece = fc.constantFrom(
  ...[
    '<',
    '>',
    '"',
    "'",
    '=',
    '/',
    ' ',
    '\n',
    '&',
    ';',
    '&lt;',
    '&#60;',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?',
    '\0',
  ],
  ...[
    '<p>',
    '</p>',
    '<b>',
    '</b>',
    '<i>',
    '</i>',
    '<a href="',
    '<a href=https://x.pl>',
    '</a>',
    '<li>',
    '<ul>',
    '</ul>',
  ],
  ...[
    '<ol>',
    '<pre>',
    '</pre>',
    '<code>',
    '<blockquote>',
    '</blockquote>',
    '<div>',
    '</div>',
    '<table>',
    '<tr>',
    '<td>',
  ],
  ...[
    '</table>',
    '<br>',
    '<hr>',
    '<h1>',
    '</h1>',
    '<span class=mention>',
    '<span class="mention" data-user-id="7">@',
    '</span>',
    '<script>',
    '</script>',
    '<style>',
  ],
  ...[
    '</style>',
    '<svg>',
    '<math>',
    '<mtext>',
    '<img src=x onerror=x>',
    'onclick=x',
    '<Jan>',
    'a',
    'b c',
    '\u00a0',
    '🎉',
  ],
)
const hostile = fc
  .array(fc.oneof({ weight: 6, arbitrary: piece }, fc.string({ maxLength: 4, unit: 'binary' })))
  .map((pieces) => pieces.join(''))

test('a browser reads only what the contract allows, whatever was sent, and cleaning again changes nothing', () => {
  fc.assert(fc.property(hostile, expectHarmless), { numRuns: 3000 })
})

const unescaped = (text: string) =>
  text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!)
/** Lines are kept, spaces around them are not. */
const folded = (text: string) => text.replace(/\s+/g, ' ').trim()
const written = fc
  .string({ unit: 'binary', maxLength: 200 })
  .filter((text) => text.isWellFormed() && !text.includes('\0'))

test('any text is kept, except for white space, as plain text and as paragraphs', () => {
  fc.assert(
    fc.property(written, (text) => {
      const { text: read } = cleanContent(`${text}.`)
      expect(folded(read)).toBe(folded(`${text}.`))
      const paragraphs = text.split('\n').map((line) => `<p>${unescaped(line)}</p>`)
      expect(folded(cleanContent(`<p>.</p>${paragraphs.join('')}`).text)).toBe(folded(`.\n${text}`))
    }),
    { numRuns: 2000 },
  )
})
