import { expect, test } from 'vitest'
import { pastedFiles, uniqueName, withTimestampName } from './pasted.ts'

const file = (name: string, type = '') => new File(['x'], name, { type })
const png = file('image.png', 'image/png')
const pdf = file('umowa.pdf', 'application/pdf')

/** What a program leaves to be pasted: its texts by their types, and its files. */
const pasted = (texts: Record<string, string>, ...files: File[]) => ({
  types: [...Object.keys(texts), ...(files.length ? ['Files'] : [])],
  getData: (type: string) => texts[type] ?? '',
  files,
})
const html = '<table><tr><td>a</td></tr></table>'

test.each<[string, ReturnType<typeof pasted>, File[]]>([
  ['a screenshot', pasted({}, png), [png]],
  ['a file of a file manager', pasted({ 'text/plain': '/home/ewa/umowa.pdf' }, pdf), [pdf]],
  ['a picture of a file manager', pasted({ 'text/plain': 'image.png' }, png), [png]],
  [
    'several files with their addresses',
    pasted({ 'text/uri-list': 'file:///a', 'text/plain': '/a' }, pdf, png),
    [pdf, png],
  ],
  ['a picture of a page', pasted({ 'text/html': '<img src="a.png">' }, png), [png]],
  ['a picture of a page with an empty text', pasted({ 'text/html': '<img>', 'text/plain': ' ' }, png), [png]],
  ['cells of Excel', pasted({ 'text/plain': 'a', 'text/html': html, 'text/rtf': '{' }, png), []],
  ['a paragraph of Word', pasted({ 'text/plain': 'a', 'text/rtf': '{' }, png), []],
  ['cells of LibreOffice', pasted({ 'text/plain': 'a', 'text/html': html }, png), []],
  ['a document with its name in bold', pasted({ 'text/plain': 'a', 'text/html': '<b>a</b>' }, pdf), [pdf]],
  ['text alone', pasted({ 'text/plain': 'a', 'text/html': 'a' }), []],
  ['nothing', pasted({}), []],
])('pasting %s attaches the files or inserts the text', (_, data, files) => {
  expect(pastedFiles(data)).toEqual(files)
})

test.each([
  ['image.png', 'obraz 2026-11-25 14.03.12.png'],
  ['image.PNG', 'obraz 2026-11-25 14.03.12.png'],
  ['image.jpeg', 'obraz 2026-11-25 14.03.12.jpeg'],
  ['jezioro.png', 'jezioro.png'],
  ['image', 'image'],
  ['my image.png', 'my image.png'],
])('a pasted file %j is named %j', (given, name) => {
  const called = withTimestampName(file(given, 'image/png'), 'obraz', new Date(2026, 10, 25, 14, 3, 12))
  expect([called.name, called.type, called.size]).toEqual([name, 'image/png', 1])
})

test.each([
  ['a.jpg', [], 'a.jpg'],
  ['a.jpg', ['b.jpg'], 'a.jpg'],
  ['a.jpg', ['a.jpg'], 'a (2).jpg'],
  ['a.jpg', ['a.jpg', 'a (2).jpg'], 'a (3).jpg'],
  ['obraz 2026-11-25 14.03.12.png', ['obraz 2026-11-25 14.03.12.png'], 'obraz 2026-11-25 14.03.12 (2).png'],
  ['README', ['README'], 'README (2)'],
  ['.htaccess', ['.htaccess'], '.htaccess (2)'],
  ['archiwum.tar.gz', ['archiwum.tar.gz'], 'archiwum.tar (2).gz'],
  ['', [''], ' (2)'],
  ['a', ['A'], 'a'],
])('%1$j is renamed to %3$j next to %2$j', (name, others, called) => {
  expect(uniqueName(name, others)).toBe(called)
})
