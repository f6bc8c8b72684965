import { oneEmoji } from '../../views/emoji/one-emoji.ts'
import { fold } from '../../views/people/names.ts'

export interface Emoji {
  emoji: string
  /** The name in the reader's language. */
  label: string
  /** Search words in both languages, folded. */
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
    groups.at(-1)?.emoji.push({ emoji, label, words: ` ${fold(`${pl} ${en} ${words}`)}` })
  }
  return groups.map((group) => ({ ...group, sign: group.emoji[0]?.emoji ?? '' }))
}

/** Each word of the query must begin one of an emoji's words; those whose name begins with it come first. */
export function findEmoji(groups: Group[], query: string): Emoji[] {
  const pasted = oneEmoji(query.trim())
  const wanted = fold(query).split(/\s+/)
  const all = groups.flatMap((group) => group.emoji)
  const found = all.filter(
    ({ emoji, words }) => emoji === pasted || wanted.every((word) => words.includes(` ${word}`)),
  )
  const named = (each: Emoji) => fold(each.label).startsWith(wanted[0] ?? '')
  return [...found.filter(named), ...found.filter((each) => !named(each))]
}
