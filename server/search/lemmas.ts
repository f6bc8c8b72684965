import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fold } from '../../views/people/names.ts'
import { Affixes } from './affixes.ts'
import { Dictionary } from './dictionary.ts'

/** Of a verb with its participles there are more: what is asked of the index has an end. */
const maxForms = 120

interface Polish {
  affixes: Affixes
  dictionary: Dictionary
}

let polish: Promise<Polish> | undefined

/** Read for the first search: a worker whose members never search need not hold it. */
async function read(): Promise<Polish> {
  const folder = dirname(createRequire(import.meta.url).resolve('dictionary-pl'))
  const [rules, stems] = await Promise.all([
    readFile(join(folder, 'index.aff'), 'utf8'),
    readFile(join(folder, 'index.dic')),
  ])
  return { affixes: new Affixes(rules), dictionary: await Dictionary.open(stems) }
}

/**
 * The forms of the Polish words that this one may be a form of, folded: those of *kot* for *kotem*. None when the
 * dictionary does not know it. Diacritics that were typed are taken seriously: for *kąt* nothing of *kat*.
 * @param typed in lower case, composed
 */
export async function formsOf(typed: string): Promise<string[]> {
  const word = fold(typed)
  if (!/^[a-z]{3,}$/.test(word)) return []
  polish ??= read()
  const families = familiesOf(await polish, word)
  const exact = families.filter((forms) => forms.includes(typed))
  const meant = typed !== word && exact.length > 0 ? exact : families
  return [...new Set(meant.flat().map(fold))].slice(0, maxForms)
}

/** Of each stem its forms, in lower case; the word's own stem first, then those with few forms. */
function familiesOf({ affixes, dictionary }: Polish, word: string): string[][] {
  const families = affixes.prefixesOf(word).flatMap((prefix) =>
    [...affixes.stemsOf(word.slice(prefix.length))]
      .flatMap((stem) => dictionary.find(stem))
      .map(({ stem, flags }) => affixes.formsOf(stem, flags, prefix).map((form) => form.toLowerCase()))
      .filter((forms) => forms.some((form) => fold(form) === word)),
  )
  // With *spotkanie* nobody looks for the many forms of *spotkać*.
  const verbalNouns = families.map(([stem]) => stem!).filter((stem) => /[nc]ie$/.test(stem))
  const isTheirVerb = ([stem, ...forms]: string[]) =>
    stem!.endsWith('ć') && verbalNouns.some((noun) => forms.includes(noun))
  const isOwn = (forms: string[]) => Number(fold(forms[0]!) === word)
  return families
    .filter((forms) => !isTheirVerb(forms))
    .toSorted((a, b) => isOwn(b) - isOwn(a) || a.length - b.length)
}
