import { oneEmoji } from '../../views/emoji/one-emoji.ts'
import { fold } from '../../views/people/names.ts'
import { howCommon } from './common.ts'

export interface Emoji {
  emoji: string
  /** The name in the reader's language. */
  label: string
  /** Search words in both languages. */
  sought: string
  /** The same folded, each between blanks. */
  words: string
}

export interface Group {
  name: string
  sign: string
  emoji: Emoji[]
}

/**
 * Reads `emoji.txt`, which `make/emoji.ts` makes: `# name` begins a group; each further line has an emoji, its Polish
 * name, its English name and more search words, separated by tabs.
 */
export function readEmoji(text: string, locale: string): Group[] {
  const groups: Group[] = []
  for (const line of text.trim().split('\n')) {
    if (line.startsWith('# ')) {
      groups.push({ name: line.slice(2), sign: '', emoji: [] })
      continue
    }
    const [emoji = '', pl = '', en = '', words = ''] = line.split('\t')
    const label = locale === 'en' ? en : pl
    const sought = `${pl} ${en} ${words}`
    groups.at(-1)?.emoji.push({
      emoji,
      label,
      sought,
      words: ` ${fold(sought).replace(/[^\p{L}\p{N}]+/gu, ' ')} `,
    })
  }
  return groups.map((group) => ({ ...group, sign: group.emoji[0]?.emoji ?? '' }))
}

/**
 * Those that have all words of the query, without regard to case and diacritics: whole words first, then beginnings, then
 * parts; of these what was used lately, and then what is common.
 * @param recent latest first
 */
export function findEmoji(groups: Group[], query: string, recent: readonly string[] = []): Emoji[] {
  const pasted = oneEmoji(query.trim())
  const wanted = wordsIn(query)
  const ranked = groups
    .flatMap((group) => group.emoji)
    .flatMap((each) => {
      const rank = each.emoji === pasted ? 0 : rankOf(each, wanted)
      return rank === undefined ? [] : [{ each, order: [rank, ageOf(each, recent), howCommon(each.emoji)] }]
    })
  ranked.sort((a, b) => a.order.map((value, at) => value - b.order[at]!).find(Boolean) ?? 0)
  return ranked.map(({ each }) => each)
}

/** Whether a query is made of whole words of it. */
export const isNamed = (each: Emoji, query: string): boolean => rankOf(each, wordsIn(query)) === 0

const wordsIn = (query: string): string[] => fold(query).split(/\s+/).filter(Boolean)

/** Within a word, two letters would be found nearly everywhere. */
const partCharacters = 3

/** 0 for whole words, 1 for beginnings, 2 for parts: that of the word which fits least. */
function rankOf({ words }: Emoji, wanted: string[]): number | undefined {
  const ranks = wanted.map((word) => {
    if (words.includes(` ${word} `)) return 0
    if (words.includes(` ${word}`)) return 1
    return word.length >= partCharacters && words.includes(word) ? 2 : undefined
  })
  return ranks.includes(undefined) ? undefined : Math.max(0, ...(ranks as number[]))
}

const ageOf = ({ emoji }: Emoji, recent: readonly string[]): number => {
  const at = recent.indexOf(emoji)
  return at < 0 ? recent.length : at
}
