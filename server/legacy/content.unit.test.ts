import { expect, test } from 'vitest'
import { fitContent } from './content.ts'
import { ownSubject } from './subject.ts'

test.each([
  [null, null, undefined],
  ['', null, undefined],
  ['  ', 'Zebranie', undefined],
  ['Zebranie', null, 'Zebranie'],
  ['Re: Zebranie', 'Zebranie', undefined],
  ['Odp: Zebranie', 'Zebranie', undefined],
  ['Fwd: Zebranie', 'Zebranie', undefined],
  ['PD: Zebranie', 'Zebranie', undefined],
  ['RE:zebranie', 'Zebranie', undefined],
  ['re: ODP:  fwd : pd:Zebranie', 'Zebranie', undefined],
  ['Re: Zebranie', 'Odp: Re: Zebranie', undefined],
  ['Re: Zebranie zarządu', 'Zebranie', 'Re: Zebranie zarządu'],
  ['Re: Zebranie', null, 'Re: Zebranie'],
  ['Re: Zebranie', 'Co innego', 'Re: Zebranie'],
  ['Zebranie', 'Zebranie', 'Zebranie'],
  ['Remont', 'mont', 'Remont'],
  ['dwie\nlinie', null, 'dwie linie'],
])('the subject %j under %j is worth %j', (subject, parent, own) => {
  expect(ownSubject(subject, parent)).toBe(own)
})

test.each([
  ['3 < 5 && 5 > 3\nkoniec', '<p>3 &lt; 5 &amp;&amp; 5 &gt; 3<br>koniec</p>'],
  ['pisz na <jan@firma.example>\nJan', '<p>pisz na &lt;jan@firma.example&gt;<br>Jan</p>'],
  [
    'patrz <https://example.org/x>, <b>pilne</b>',
    'patrz &lt;https://example.org/x&gt;, <strong>pilne</strong>',
  ],
  ['<h2>Zebranie</h2>Jutro', '<p>Zebranie</p>Jutro'],
  ['<tr><td>Jan</td><td>12</td></tr>', '<p>Jan 12</p>'],
  ['<xyz onclick=alert(1)>', '<p>&lt;xyz onclick=alert(1)&gt;</p>'],
  ['Tak, <b>czwartek</b>', 'Tak, <strong>czwartek</strong>'],
  ['<p>a</p><script>alert(1)</script>', '<p>a</p>'],
  ['<p onclick="x()">a<img src=x onerror=alert(1)></p>', '<p>a</p>'],
  ['<p>nie <b>zamknięte', '<p>nie <strong>zamknięte</strong></p>'],
])('%j becomes %j', (content, html) => {
  expect(fitContent(content, undefined)).toEqual({ parts: [{ html, text: expect.any(String) }] })
})

test('a subject is one bold line, whatever is in it', () => {
  expect(fitContent('a', '<script>alert(1)</script>').parts[0]!.html).toBe(
    '<p><strong>&lt;script&gt;alert(1)&lt;/script&gt;</strong></p><p>a</p>',
  )
})

test.each(['', '   ', '<script>alert(1)</script>', '<p><br></p>', '<img src="http://example.org/x.png">'])(
  '%j holds nothing to be shown, and says so',
  (content) => {
    const { parts, note } = fitContent(content, undefined)
    expect(parts).toEqual([{ html: expect.any(String), text: '' }])
    expect(note).toBe('holds nothing that can be shown')
  },
)

const words = (count: number) => Array.from({ length: count }, (_, i) => `słowo${i}`).join(' ')
const letters = (text: string) => text.replace(/\s/g, '')

test.each([
  ['plain text', words(200_000), words(200_000)],
  ['lines', words(50_000).replaceAll(' ', '\n'), words(50_000)],
  ['text without a gap', '👨‍👩‍👧é'.repeat(40_000), '👨‍👩‍👧é'.repeat(40_000)],
  ['text of signs that grow', '&'.repeat(100_000), '&'.repeat(100_000)],
  ['HTML', `<div><p>${words(100_000)}</p><script>alert(1)</script></div>`, words(100_000)],
  ['HTML by a careless author', `<b>${words(3000)}</i>`.repeat(20), words(3000).repeat(20)],
])(
  '%s that is too long goes on in further messages, and every letter of it is kept',
  (_, content, expected) => {
    const { parts, note } = fitContent(content, 'Temat')
    expect(note).toBe(`was too long: goes on in ${parts.length} messages, as plain text`)
    for (const { text } of parts) expect(text.length).toBeLessThanOrEqual(20_000)
    const [first, ...others] = parts.map(({ text }) => text)
    expect(letters([first!.replace(/^Temat\n/, ''), ...others].join(''))).toBe(letters(expected))
    for (const text of [first!, ...others]) expect(text.isWellFormed()).toBe(true)
  },
)

test('HTML that is large but says little keeps its form', () => {
  const picture = `<img src="data:image/png;base64,${'A'.repeat(500_000)}">`
  const content = `<style>${'p{}'.repeat(9000)}</style><p style="${'x:y;'.repeat(9000)}">Ważny <b>raport</b> <a href="https://example.org/?a=1&amp;b=2">tu</a></p>${picture}`
  const { parts, note } = fitContent(content, undefined)
  expect(parts[0]!.html).toBe(
    '<p>Ważny <strong>raport</strong> <a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer nofollow">tu</a></p>',
  )
  expect(note).toBe('was too large or nested too deeply: made simpler')
})

const levels = (html: string) => {
  let [open, deepest] = [0, 0]
  for (const [tag] of html.matchAll(/<\/?(?!br)[a-z]+/g)) {
    open += tag.startsWith('</') ? -1 : 1
    deepest = Math.max(deepest, open)
  }
  return deepest
}

test.each([
  ['nested', `${'<blockquote>'.repeat(500)}cytat${'</blockquote>'.repeat(500)}`],
  ['never closed', `${'<b>'.repeat(700_000)}cytat`],
  ['closed by others', `${'<b></i>'.repeat(300_000)}cytat`],
  ['opened by halves', `cytat${'<b '.repeat(700_000)}`],
  ['of comments', `cytat<b></b>${'<!--'.repeat(500_000)}`],
])('tags that are %s by the hundred thousand take no time and leave a flat message', (_, content) => {
  const start = process.threadCpuUsage()
  const { parts } = fitContent(content, undefined)
  expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(5000)
  expect(parts[0]!.text).toContain('cytat')
  expect(levels(parts[0]!.html)).toBeLessThan(64)
})
