import { readFile } from 'node:fs/promises'

/** An entry of emojibase, as far as it is used here. */
interface Entry {
  emoji: string
  hexcode: string
  label: string
  tags?: string[]
  version: number
  order?: number
  group?: number
}

/** Emoji of later versions are drawn as boxes by many systems. */
const maxVersion = 15
/** The numbers that emojibase gives its groups; 2 is that of components, which are no emoji by themselves. */
const groups = new Map([
  [0, 'smileys'],
  [1, 'people'],
  [3, 'nature'],
  [4, 'food'],
  [5, 'travel'],
  [6, 'activities'],
  [7, 'objects'],
  [8, 'symbols'],
  [9, 'flags'],
])

/**
 * `public/emoji/emoji.txt`, in the form that `readEmoji` takes. From emojibase-data (MIT License, Copyright (c)
 * Miles Johnson), whose names and words are those of Unicode CLDR (Unicode License v3).
 */
export async function makeEmoji(): Promise<string> {
  const [polish, english] = await Promise.all([entriesOf('pl'), entriesOf('en')])
  const inPolish = new Map(polish.map((entry) => [entry.hexcode, entry]))
  const shown = english
    .filter(({ version }) => version <= maxVersion)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
  const lines = [...groups].flatMap(([group, name]) => [
    `# ${name}`,
    ...shown
      .filter((entry) => entry.group === group)
      .map((entry) => lineOf(entry, inPolish.get(entry.hexcode)!)),
  ])
  return `${lines.join('\n')}\n`
}

async function entriesOf(locale: string): Promise<Entry[]> {
  const file = new URL(import.meta.resolve(`emojibase-data/${locale}/data.json`))
  return JSON.parse(await readFile(file, 'utf8'))
}

const lineOf = (english: Entry, polish: Entry) =>
  [canonical(english.emoji), polish.label, english.label, furtherWords(polish, english)].join('\t').trimEnd()

/** Without the variation selector where Unicode's own list has none, as the server takes reactions. */
function canonical(emoji: string): string {
  const bare = emoji.replaceAll('\ufe0f', '')
  return /^\p{RGI_Emoji}$/v.test(bare) ? bare : emoji
}

/** The words of the tags that are not in the names already. */
function furtherWords(...entries: Entry[]): string {
  const inNames = new Set(entries.flatMap(({ label }) => label.toLowerCase().split(/[^\p{L}\p{N}]+/u)))
  const words = entries.flatMap(({ tags = [] }) => tags.join(' ').toLowerCase().split(' '))
  return [...new Set(words)].filter((word) => !inNames.has(word)).join(' ')
}
