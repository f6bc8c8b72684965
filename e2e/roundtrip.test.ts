import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanContent } from '../server/messages/content.ts'
import { anything, ordinary } from './documents.ts'
import { openEditor, rewritten, set, through, understood, written } from './editor.ts'

const page = await openEditor()
const many = 400

/** As the server stores it, or nothing if it would refuse. */
function stored(html: string): string[] {
  try {
    return [cleanContent(html).html]
  } catch {
    return []
  }
}

test('stored content comes out of the editor unchanged', async () => {
  const documents = fc.sample(anything, many).flatMap(stored)
  expect(documents.length).toBeGreaterThan(many / 2)
  expect(await through(page, documents)).toEqual(documents)
})

test('what the editor reads it writes unchanged', async () => {
  const documents = fc.sample(ordinary, many).map((blocks) => blocks.join(''))
  expect(await rewritten(page, documents)).toEqual(documents)
})

test('content that it cannot show loses no words or formats, and stays storable', async () => {
  const documents = fc.sample(anything, many).flatMap(stored)
  const anew = await rewritten(page, documents)
  expect(await understood(page, anew)).toEqual(await understood(page, documents))
  expect(anew.flatMap(stored)).toHaveLength(anew.length)
})

test('adding a word changes only its own block', async () => {
  for (const blocks of fc.sample(ordinary, 40)) {
    const [document, last] = [blocks.join(''), '<p>koniec</p>']
    await set(page, document + last)
    await page.keyboard.insertText(' i kropka')
    expect(await written(page)).toBe(`${document}<p>koniec i kropka</p>`)
  }
})

test.each([
  '<p>a  b   c</p>',
  '<p>a\u00a0b<br>\tc</p>',
  '<ul><li>a<ol><li>b<ul><li>c</li></ul></li></ol></li></ul>',
  '<ol><li>a<ul><li>b</li></ul>c</li></ol>',
  '<pre>if x:\n    y\n\n\tz</pre>',
  '<blockquote>a<br>b</blockquote>',
  '<blockquote><p>a</p><p>b</p></blockquote>',
  '<blockquote><ol><li>a</li></ol></blockquote>',
  '<p>do <span class="mention">@Anna</span> i <span class="mention">@Ewa</span></p>',
  '<p>x <a href="https://example.org" rel="noopener noreferrer nofollow">a <strong>b</strong> c</a> d</p>',
  '<p>a</p><p><br></p><p>b</p>',
  '<p><s><u>a</u></s> <em>👩‍👩‍👧</em> \u200fعربى</p>',
])('a word before %s leaves the rest unchanged', async (html) => {
  await set(page, html)
  await page.evaluate('input.quill.setSelection(0)')
  await page.keyboard.insertText('Ż')
  const place = html.replace(/^((<[^>]*>)*)/, '$1Ż')
  expect(await written(page)).toBe(place)
})
