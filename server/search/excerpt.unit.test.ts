import { expect, test } from 'vitest'
import { excerptOf, hasAll } from './excerpt.ts'
import { type SoughtWord, wordsIn } from './words.ts'

/** What somebody typed, with other forms of each word and words that contain it. */
const soughtIn = (query: string, others: string[] = [], containing: string[] = []): SoughtWord[] =>
  wordsIn(query).map(({ folded }) => ({
    word: folded,
    others: new Set(others),
    containing: new Set(containing),
  }))

test.each([
  ['a whole word', 'Jutro spotkanie', 'spotkanie', 'Jutro <mark>spotkanie</mark>'],
  ['the beginning of a word', 'Jutro spotkanie', 'spot', 'Jutro <mark>spot</mark>kanie'],
  ['every place', 'kot i kotka', 'kot', '<mark>kot</mark> i <mark>kot</mark>ka'],
  ['nothing within a word', 'samolot, lot', 'lot', 'samolot, <mark>lot</mark>'],
  ['diacritics', 'ŻÓŁW i zolw', 'żółw', '<mark>ŻÓŁW</mark> i <mark>zolw</mark>'],
  ['diacritics of their own', 'Z\u0307o\u0301\u0142w!', 'zolw', '<mark>Z\u0307o\u0301\u0142w</mark>!'],
  ['what becomes two signs', 'Straße 5', 'stras', '<mark>Straß</mark>e 5'],
  ['what was two signs', 'Ǆ ﬁrma', 'fi', 'Ǆ <mark>ﬁ</mark>rma'],
  [
    'signs that cannot be seen',
    'spo\u00adtka\u200bnie dziś',
    'spotkanie',
    '<mark>spo\u00adtka\u200bnie</mark> dziś',
  ],
  ['a single letter, whole', 'a, ale', 'a la', '<mark>a</mark>, ale'],
  ['the longest', 'spotkanie', 'sp spotka', '<mark>spotka</mark>nie'],
  ['an emoji between letters', 'super🔥ok', '🔥', 'super<mark>🔥</mark>ok'],
  ['right to left', 'مرحبا بالعالم', 'بالع', 'مرحبا <mark>بالع</mark>الم'],
  ['markup', '<b>kot</b> & "pies"', 'kot', '&lt;b&gt;<mark>kot</mark>&lt;/b&gt; &amp; "pies"'],
  ['our own mark', '<mark>kot</mark>', 'mark', '&lt;<mark>mark</mark>&gt;kot&lt;/<mark>mark</mark>&gt;'],
  ['several lines', 'raz\n\ndwa', 'dwa', 'raz <mark>dwa</mark>'],
  ['nothing that was found', 'raz dwa', 'trzy', 'raz dwa'],
])('an excerpt marks %s', (_, text, query, excerpt) => {
  expect(excerptOf(text, soughtIn(query))).toBe(excerpt)
})

test.each([
  ['another form', 'Z kotem, z psem', 'kot', 'Z <mark>kotem</mark>, z psem'],
  ['another form with its diacritics', 'po Żółwiach', 'żółw', 'po <mark>Żółwiach</mark>'],
  ['a part of a word', 'Super-samolot!', 'lot', 'Super-samo<mark>lot</mark>!'],
  ['a part with diacritics', 'śnieżnobiały', 'bialy', 'śnieżno<mark>biały</mark>'],
  ['no other word', 'kotlina, lotnisko', 'pies', 'kotlina, lotnisko'],
])('an excerpt marks %s', (_, text, query, excerpt) => {
  const others = ['kotem', 'zolwiach']
  expect(excerptOf(text, soughtIn(query, others, ['samolot', 'snieznobialy']))).toBe(excerpt)
})

test.each([
  ['raz dwa trzy', 'trzy raz', true],
  ['raz dwa trzy', 'raz cztery', false],
])('whether “%s” has all of “%s”', (text, query, expected) => {
  expect(hasAll(text, soughtIn(query))).toBe(expected)
})

const words = (count: number) => Array.from({ length: count }, (_, i) => `słowo${i}`).join(' ')

test.each([
  ['at the beginning', `kot ${words(200)}`, /^<mark>kot<\/mark> słowo0 .*…$/],
  ['in the middle', `${words(100)} kot ${words(100)}`, /^…słowo9\d .*<mark>kot<\/mark> słowo0 .*…$/],
  ['at the end', `${words(200)} kot`, /^…słowo.*<mark>kot<\/mark>$/],
  ['without blanks', `${'x'.repeat(5000)}.kot.${'y'.repeat(5000)}`, /^…x+\.<mark>kot<\/mark>\.y+…$/],
  ['among emoji', `${'👍'.repeat(500)}kot${'👍'.repeat(500)}`, /^…(👍)+<mark>kot<\/mark>(👍)+…$/u],
])('of a long text it shows what is around the first place, %s', (_, text, shape) => {
  const excerpt = excerptOf(text, soughtIn('kot'))
  expect(excerpt).toMatch(shape)
  expect(excerpt.isWellFormed()).toBe(true)
  expect(excerpt.length).toBeLessThan(230)
})
