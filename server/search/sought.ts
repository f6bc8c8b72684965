import { englishCandidates } from './english.ts'
import { formsOf } from './lemmas.ts'
import { relatedTo, similarTo } from './vocabulary.ts'
import { maxSigns, type SoughtWord, wordsIn } from './words.ts'

/** Further words are looked for as they are: each that is expanded costs time. */
const maxExpanded = 8
/** Of shorter ones there would be too much. */
const minSigns = 3

/** The words of a query as somebody typed it, each once, with all that is to be found for them. */
export async function soughtWords(q: string): Promise<SoughtWord[]> {
  const typed = typedIn(q)
  const words = [...typed.keys()]
  const sought = words.map((word) => ({ word, others: new Set<string>(), containing: new Set<string>() }))
  const expanded = sought.filter(({ word }) => signsOf(word) >= minSigns).slice(0, maxExpanded)
  const strange: SoughtWord[] = []
  for (const each of expanded) {
    const forms = await formsOf(typed.get(each.word)!)
    for (const form of forms) each.others.add(form)
    if (forms.length === 0) strange.push(each)
  }
  const candidates = new Map(expanded.map(({ word }) => [word, englishCandidates(word)]))
  for (const { typed, word, isAround } of await relatedTo(candidates)) {
    const { others, containing } = sought.find((each) => each.word === typed)!
    ;(isAround ? containing : others).add(word)
  }
  for (const { typed, word } of await similarTo(strange))
    sought.find((each) => each.word === typed)!.others.add(word)
  return sought
}

/** What each word asks of the index, as text of a tsquery. */
export const queriesOf = (sought: SoughtWord[]): string[] =>
  sought.map(({ word, others, containing }) => {
    const first = signsOf(word) > 1 ? `${quoted(word)}:*` : quoted(word)
    const more = [...others, ...containing].filter((each) => !each.startsWith(word))
    return `(${[first, ...more.map(quoted)].join('|')})`
  })

/** No word has either, but who knows of tomorrow's. */
const quoted = (word: string) => `'${word.replace(/['\\]/g, '$&$&')}'`

const signsOf = (word: string) => [...word].length

/** Words as they are folded, and as they were typed: in lower case, composed. In the order that marks have in the database. */
function typedIn(q: string): Map<string, string> {
  const text = q.normalize('NFD')
  const pairs = wordsIn(text).map(({ folded, starts, ends }): [string, string] => [
    [...folded].slice(0, maxSigns).join(''),
    text.slice(starts[0], ends.at(-1)).normalize('NFC').toLowerCase(),
  ])
  return new Map(pairs)
}
