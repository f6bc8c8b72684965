import { escapeText } from '../../views/escape.ts'
import { limits } from '../contract/limits.ts'
import { maxSigns, type SoughtWord, type Word, wordsIn } from './words.ts'

/** From and up to which of its units a text is marked. */
type Range = [start: number, end: number]

/** How many characters are shown before the first that was found. */
const before = 60

/**
 * What a message says around the first of the words that were found, as HTML with no other tag than `<mark>`, and all
 * that were found there marked. One line; what is cut off is an ellipsis.
 * @param text plain text
 */
export function excerptOf(text: string, sought: SoughtWord[]): string {
  const found = wordsIn(text).flatMap((word) => foundIn(word, sought))
  const [from, to] = shownOf(text, found[0]?.[0] ?? 0)
  let html = from > 0 ? '…' : ''
  let at = from
  for (const [start, end] of found) {
    if (start < at || end > to) continue
    html += `${plain(text.slice(at, start))}<mark>${plain(text.slice(start, end))}</mark>`
    at = end
  }
  return html + plain(text.slice(at, to)) + (to < text.length ? '…' : '')
}

/** Whether a text has all of the words. */
export function hasAll(text: string, sought: SoughtWord[]): boolean {
  const words = wordsIn(text)
  return sought.every((each) => words.some((word) => foundIn(word, [each]).length > 0))
}

const plain = (text: string) => escapeText(text.replace(/\s+/g, ' '))

/** The longest part of the word for which it was found. */
function foundIn({ folded, starts, ends }: Word, sought: SoughtWord[]): Range[] {
  const indexed = folded.length > maxSigns ? [...folded].slice(0, maxSigns).join('') : folded
  let [start, length] = [0, 0]
  for (const each of sought) {
    const [at, units] = partOf(indexed, each)
    if (units > length) [start, length] = [at, units]
  }
  return length > 0 ? [[starts[start]!, ends[start + length - 1]!]] : []
}

/** Another form of what was sought is marked whole. */
function partOf(indexed: string, { word, others, containing }: SoughtWord): [at: number, units: number] {
  if (indexed === word || others.has(indexed)) return [0, indexed.length]
  if (word.length > 1 && indexed.startsWith(word)) return [0, word.length]
  return containing.has(indexed) ? [indexed.indexOf(word), word.length] : [0, 0]
}

/** So much of the text, with the place in it; neither begins nor ends within a word that a blank bounds nearby. */
function shownOf(text: string, place: number): Range {
  if (text.length <= limits.foundCharacters) return [0, text.length]
  let from = Math.max(0, Math.min(place - before, text.length - limits.foundCharacters))
  if (from > 0) {
    const blank = text.slice(from, place).search(/\s\S/)
    from = blank < 0 ? whole(text, from) : from + blank + 1
  }
  const to = Math.min(text.length, from + limits.foundCharacters)
  return [from, whole(text, to)]
}

/** Not between the halves of a sign. */
const whole = (text: string, at: number) => (/[\udc00-\udfff]/.test(text[at] ?? '') ? at - 1 : at)
