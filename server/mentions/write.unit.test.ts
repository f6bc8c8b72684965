import { expect, test } from 'vitest'
import { mentionsIn, nameIn, shownMention } from '../../views/messages/mentions.ts'
import { limits } from '../contract/limits.ts'
import { cleanContent } from '../messages/content.ts'

const names = new Map([
  [7, 'Anna Kowalska'],
  [8, '<b>Ewa</b> & "Co"'],
  [9, 'سلمى 👩‍🚀'],
  [10, 'Ż'.repeat(255)],
])
const clean = (content: string) => cleanContent(content, { names })
const span = (inside: string, id: number | string = 7) =>
  `<span class="mention" data-user-id="${id}">${inside}</span>`
const anna = span('@Anna Kowalska')

test.each([
  ['as it is stored', anna, anna],
  ['with another name', span('@Prezes'), anna],
  ['with nothing but the sign', span('@'), anna],
  ['as Quill has it', span('\uFEFF<span contenteditable="false">@Anna</span>\uFEFF'), anna],
  ['in other letters and quotes', `<SPAN CLASS='mention' DATA-USER-ID=7>@Anna</SPAN>`, anna],
  [
    'with more classes and attributes',
    `<span onclick=x class="a mention" id=b data-user-id="7">@A</span>`,
    anna,
  ],
  ['twice', `${anna} i ${anna}`, `${anna} i ${anna}`],
  ['side by side', anna + span('@Ewa', 8), anna + span('@&lt;b&gt;Ewa&lt;/b&gt; &amp; "Co"', 8)],
  ['of a name in other letters', span('@Salma', 9), span('@سلمى 👩‍🚀', 9)],
  ['in bold', `<strong>${span('@A')}</strong>`, `<strong>${anna}</strong>`],
])('a mention is kept %s, by the name that the service knows', (_, given, kept) => {
  expect(clean(`<p>do ${given}</p>`).html).toBe(`<p>do ${kept}</p>`)
})

test.each([
  ['of somebody unknown', span('@Nikt', 99), '@Nikt'],
  ['without an id', '<span class="mention">@Anna</span>', '@Anna'],
  ['without the class', '<span data-user-id="7">@Anna</span>', '@Anna'],
  ['with a similar class', '<span class="mentions" data-user-id="7">@Anna</span>', '@Anna'],
  ...['', '0', '07', '-7', '7.0', '7e0', ' 7', '7 OR 1=1', '٧', '9'.repeat(16)].map((id) => [
    `with the id "${id}"`,
    span('@Anna', id),
    '@Anna',
  ]),
  ['by another element', '<b class="mention" data-user-id="7">@Anna</b>', '<strong>@Anna</strong>'],
  ['around words', span('wszystko, co ważne'), 'wszystko, co ważne'],
  ['around a format', span('@<b>Anna</b>'), '@<strong>Anna</strong>'],
  [
    'around a link',
    span('@<a href="https://a.pl">a</a>'),
    '@<a href="https://a.pl" rel="noopener noreferrer nofollow">a</a>',
  ],
  ['around lines', span('@Anna<br>Ewa'), '@Anna<br>Ewa'],
  ['of a great length', span(`@${'x'.repeat(300)}`), `@${'x'.repeat(300)}`],
  [
    'written as text',
    '&lt;span class="mention" data-user-id="7"&gt;@Anna',
    '&lt;span class="mention" data-user-id="7"&gt;@Anna',
  ],
])('a mention %s is its text', (_, given, text) => {
  expect(clean(`<p>do ${given}!</p>`).html).toBe(`<p>do ${text}!</p>`)
})

test.each([
  ['in a mention', `<p>${span(span('@Ewa', 8))}</p>`, `<p>${anna}</p>`],
  ['in one that is no mention', `<p>${span(span('@Ewa', 8), 99)}</p>`, '<p>@Ewa</p>'],
  [
    'that never ends',
    '<p><span class="mention" data-user-id="7">@Anna</p><p>b</p>',
    `<p>${anna}</p><p>b</p>`,
  ],
  ['that is empty', `<p>a${span('')}</p>`, '<p>a</p>'],
  ['on lines of its own', `<p>a</p>${anna}`, `<p>a</p>${anna}`],
])('a mention %s is written as one mention at most', (_, given, kept) => {
  expect(clean(given).html).toBe(kept)
})

test('the plain text has the name', () => {
  expect(clean(`<p>${span('@x')}, ${span('@y', 8)}</p>`).text).toBe('@Anna Kowalska, @<b>Ewa</b> & "Co"')
})

test('names count towards the size of a message', () => {
  const many = span('@', 10).repeat(200)
  expect(() => clean(`<p>${many}</p>`)).toThrow(expect.objectContaining({ status: 413 }))
  expect(limits.messageBytes).toBeGreaterThan(Buffer.byteLength(span('@', 10).repeat(200)))
})

test('who is mentioned is read from what is stored, each once and in order', () => {
  const { html } = clean(`<p>${span('@x', 8)} ${anna} ${span('@x', 8)} ${span('@x', 99)}</p>`)
  expect(mentionsIn(html)).toEqual([8, 7])
  expect(nameIn(html, 8)).toBe('<b>Ewa</b> & "Co"')
  expect(nameIn(html, 99)).toBeUndefined()
  expect(mentionsIn(null)).toEqual([])
  expect(mentionsIn('<p>data-user-id="7" &lt;span class="mention" data-user-id="7"&gt;</p>')).toEqual([])
})

test('only a mention of the viewer stands out, and no other tag is shown as one', () => {
  const start = '<span class="mention" data-user-id="7">'
  expect(shownMention(start, 7)).toContain('class="mention mention--me"')
  expect(shownMention(start, 8)).toContain('class="mention"')
  expect(shownMention('<span class="mention">', 7)).toBeUndefined()
})
