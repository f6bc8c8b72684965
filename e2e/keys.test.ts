import { expect, test } from 'vitest'
import { openEditor, set, written } from './editor.ts'

const page = await openEditor()
const type = (text: string) => page.keyboard.type(text)
const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
const sent = () => page.evaluate('sent') as Promise<number>

test.each([
  '3. piętro, pokój 12',
  '1. raz',
  '- myślnik',
  '* gwiazdka',
  '[x] zrobione',
  '[ ] do zrobienia',
  '[] puste',
  '# nie nagłówek',
  '> nie cytat',
  '``` nie kod',
  '**nie** _tak_ ~nie~',
  'a) pierwszy',
  'a  b   c ',
  '(c) -> ... --',
])('typing %s leaves exactly that', async (text) => {
  await set(page, '')
  await type(text)
  expect(await written(page)).toBe(`<p>${text.replaceAll('>', '&gt;')}</p>`)
})

test.each([
  '<p>tekst</p>',
  '<ul><li>a</li></ul>',
  '<ol><li>a<ol><li>b</li></ol></li></ol>',
  '<blockquote>cytat</blockquote>',
  '<pre>  kod</pre>',
  '',
])('Tab and Shift+Tab leave %s without changing it', async (html) => {
  const focused = () => page.evaluate('document.activeElement.textContent')
  await set(page, html)
  await press('Tab')
  expect(await focused()).toBe('za')
  await press('Shift+Tab', 'Shift+Tab')
  expect(await focused()).toBe('przed')
  expect(await written(page)).toBe(html)
})

test.each([
  ['another item', '<ul><li>a</li></ul>', ['Shift+Enter', 'b'], '<ul><li>a</li><li>b</li></ul>'],
  [
    'the end of a list',
    '<ul><li>a</li></ul>',
    ['Shift+Enter', 'Shift+Enter', 'b'],
    '<ul><li>a</li></ul><p>b</p>',
  ],
  [
    'the end of a list, with Enter alone',
    '<ol><li>a</li></ol>',
    ['Shift+Enter', 'Enter', 'b'],
    '<ol><li>a</li></ol><p>b</p>',
  ],
  [
    'a level up from a nested one, then its end',
    '<ul><li>a<ul><li>b</li></ul></li></ul>',
    ['Shift+Enter', 'Shift+Enter', 'c', 'Shift+Enter', 'Shift+Enter', 'd'],
    '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><p>d</p>',
  ],
  [
    'a new item after a line of the last one',
    '<ul><li>a<br>b</li></ul>',
    ['Shift+Enter', 'c'],
    '<ul><li>a<br>b</li><li>c</li></ul>',
  ],
  [
    'a line of a quote',
    '<blockquote>a</blockquote>',
    ['Shift+Enter', 'b'],
    '<blockquote><p>a</p><p>b</p></blockquote>',
  ],
  [
    'the end of a quote',
    '<blockquote>a</blockquote>',
    ['Shift+Enter', 'Shift+Enter', 'b'],
    '<blockquote>a</blockquote><p>b</p>',
  ],
  ['a line of code', '<pre>  a</pre>', ['Shift+Enter', 'b'], '<pre>  a\nb</pre>'],
  [
    'the end of code',
    '<pre>a</pre>',
    ['Shift+Enter', 'Shift+Enter', 'Shift+Enter', 'b'],
    '<pre>a</pre><p>b</p>',
  ],
  ['a paragraph', '<p>a</p>', ['Shift+Enter', 'b'], '<p>a</p><p>b</p>'],
  ['no more item', '<ul><li>a</li></ul>', ['Shift+Enter', 'Backspace', 'b'], '<ul><li>a</li></ul><p>b</p>'],
  [
    'a level down',
    '<ul><li>a</li></ul>',
    ['Shift+Enter', 'Control+]', 'Control+]', 'b'],
    '<ul><li>a<ul><li>b</li></ul></li></ul>',
  ],
  ['a level up', '<ul><li>a<ul><li>b</li></ul></li></ul>', ['Control+['], '<ul><li>a</li><li>b</li></ul>'],
  ['indented code', '<pre>a</pre>', ['Control+]'], '<pre>  a</pre>'],
  ['bold', '', ['Control+b', 'b'], '<p><strong>b</strong></p>'],
])('keys produce %s', async (_, html, keys, wanted) => {
  const before = await sent()
  await set(page, html)
  await press(...keys)
  expect(await written(page)).toBe(wanted)
  expect(await sent()).toBe(before)
})

test('Enter sends, except during an input method’s composition or on a touch screen', async () => {
  await set(page, '<p>a</p>')
  const enter = (more: object) =>
    page.evaluate((more) => {
      const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...more })
      document.activeElement!.dispatchEvent(event)
    }, more)
  const before = await sent()
  await enter({ keyCode: 229 })
  await enter({ isComposing: true })
  expect(await sent()).toBe(before)
  await press('Enter')
  expect(await sent()).toBe(before + 1)
})
