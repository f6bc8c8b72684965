import { escapeText } from '../../views/escape.ts'
import { limits } from '../contract/limits.ts'
import { type Word, wordsIn } from './words.ts'

/** From and up to which of its units a text is marked. */
type Range = [start: number, end: number]

/** How many characters are shown before the first that was found. */
const before = 60
/** No lexeme is longer; see drizzle/. */
const maxSigns = 60

/**
 * What a message says around the first of the words that were found, as HTML with no other tag than `<mark>`, and all
 * that were found there marked. One line; what is cut off is an ellipsis.
 * @param text plain text
 * @param query as somebody typed it
 */
export function excerptOf(text: string, query: string): string {
  const sought = wordsIn(query).map(({ folded }) => [...folded].slice(0, maxSigns).join(''))
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

const plain = (text: string) => escapeText(text.replace(/\s+/g, ' '))

/** The beginning of the word that was sought, the longest; of a single sign the whole word. */
function foundIn({ folded, starts, ends }: Word, sought: string[]): Range[] {
  const fitting = sought.filter((each) => ([...each].length > 1 ? folded.startsWith(each) : folded === each))
  const length = Math.max(0, ...fitting.map((each) => each.length))
  return length > 0 ? [[starts[0]!, ends[length - 1]!]] : []
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
