import { sql } from '../db/client.ts'
import { mayBeForms, mayBeMeant } from './similar.ts'
import type { SoughtWord } from './words.ts'

interface Related {
  typed: string
  word: string
  /** Whether what was typed stands within it; else both are forms of one English word. */
  isAround: boolean
}

/** Of words that contain what was typed; of those that begin alike; of those that are similar. */
const [maxContaining, maxAlike, maxSimilar] = [50, 3000, 10]

/**
 * Words of English with the same stem, and words that occur in anybody's messages and contain what was typed. They only
 * widen what is looked for, in the messages of whoever asks.
 * @param candidates of each word, what may be its forms
 */
export async function relatedTo(candidates: Map<string, string[]>): Promise<Related[]> {
  const typed = [...candidates.keys()]
  if (typed.length === 0) return []
  const pairs = typed.flatMap((word) => candidates.get(word)!.map((candidate) => [word, candidate] as const))
  return sql<Related[]>`
    select typed, word, false as "isAround"
    from unnest(${pairs.map(([word]) => word)}::text[], ${pairs.map(([, each]) => each)}::text[]) pair (typed, word)
    where ts_lexize('english_stem', word) = ts_lexize('english_stem', typed)
      and ts_lexize('english_stem', word) <> '{}'
    union all
    select typed, v.word, true from unnest(${typed}::text[]) typed cross join lateral (
      select word from message_vocabulary
      where sought_pieces(word) @> sought_pieces(typed) and strpos(word, typed) > 0
      limit ${maxContaining}
    ) v`
}

/**
 * For words that the dictionary does not know, words that occur: what may be their forms, and, when nothing contains one
 * of them, what may have been meant.
 */
export async function similarTo(strange: SoughtWord[]): Promise<Pick<Related, 'typed' | 'word'>[]> {
  const asked = strange.filter(({ word }) => /^[a-z]{4,}$/.test(word))
  if (asked.length === 0) return []
  const alike = await sql<Pick<Related, 'typed' | 'word'>[]>`
    select typed, v.word from unnest(${asked.map(({ word }) => word)}::text[]) typed cross join lateral (
      select word from message_vocabulary
      where word >= left(typed, 2) and word < left(typed, 2) || '{'
        and length(word) between length(typed) - 4 and length(typed) + 4
      limit ${maxAlike}
    ) v`
  return asked.flatMap(({ word: typed, containing }) => {
    const words = alike.filter((each) => each.typed === typed)
    const forms = words.filter(({ word }) => mayBeForms(typed, word))
    const meant = containing.size > 0 ? [] : words.filter(({ word }) => mayBeMeant(typed, word))
    return [...forms, ...meant].slice(0, maxSimilar)
  })
}
