/** What stands behind the stem of an English word. */
const endings = ['', 's', 'es', 'ed', 'ing', 'ings', 'ly']

/**
 * What may be a form of the same English word, and often is no word at all: which are, the database's stemmer says.
 * @param word folded
 */
export function englishCandidates(word: string): string[] {
  if (!/^[a-z]{3,}$/.test(word)) return []
  const cut = endings
    .filter((end) => word.endsWith(end))
    .map((end) => word.slice(0, word.length - end.length))
  const stems = cut.filter((stem) => stem.length > 1).flatMap(spellings)
  return [...new Set(stems.flatMap((stem) => endings.map((end) => stem + end)))]
}

/** How a stem may be written before another ending: *mak* and *make*, *run* and *runn*, *studi* and *study*. */
function spellings(stem: string): string[] {
  const last = stem.at(-1)!
  const shorter = stem.slice(0, -1)
  const doubled = shorter.endsWith(last) ? shorter : stem + last
  const other = { e: shorter, i: `${shorter}y`, y: `${shorter}i` }[last] ?? `${stem}e`
  return [stem, doubled, other]
}
