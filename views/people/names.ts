/** Rendered as blank space, including tabs and line breaks. */
const blanks = /[\p{White_Space}\p{Cc}\u115f\u1160\u2800\u3164\uffa0]+/gu
/** Not rendered at all. */
const invisible = /[[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--[\u115f\u1160\u3164\uffa0]]/v

/** Where invisible characters change what is rendered: emoji, joined scripts, ideographic variants. */
const emoji =
  /[0-9#*]\ufe0f\u20e3|\p{Extended_Pictographic}(?:[\ufe0e\ufe0f]|\p{Emoji_Modifier})?(?:[\u{e0020}-\u{e007e}]+\u{e007f})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*/v
const joined =
  /(?<=[[\p{L}\p{M}]--[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hangul}\p{Script=Inherited}]])[\u200c\u200d]|(?<=\p{Script=Mongolian})[\u180b-\u180f]|(?<=\p{Script=Han})[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/v
const anyInvisible = new RegExp(invisible, 'gv')
const keptOrInvisible = new RegExp(`(${emoji.source}|${joined.source})|${invisible.source}`, 'gv')

/** A name or other single line as it is stored: white space collapsed, invisible characters removed. */
export function tidy(text: string): string {
  const read = text
    .normalize('NFC')
    .replace(keptOrInvisible, (_, kept?: string) => kept ?? '')
    .replace(blanks, ' ')
    .trim()
  // Characters that have become neighbours may compose, or render differently.
  return read === text ? read : tidy(read)
}

/** The same for several lines. */
export const tidyLines = (text: string): string =>
  text
    .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)
    .map(tidy)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

const marks = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g
/** What Unicode does not decompose, although people type it that way. */
const typed: Record<string, string> = {
  ...{ ł: 'l', ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', ı: 'i', ς: 'σ', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' },
  ...{ '‘': "'", '’': "'", ʼ: "'", '′': "'", '`': "'", '‐': '-', '–': '-', '—': '-', '−': '-' },
}
const untyped = new RegExp(`[${Object.keys(typed).join('')}]`, 'gu')

/**
 * The form compared in searches: without case, diacritics and invisible characters, white space collapsed. Must equal
 * `fold_text()` in `drizzle/`.
 */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(anyInvisible, '')
    .replace(marks, '')
    .toLowerCase()
    .replace(untyped, (sign) => typed[sign]!)
    .replace(blanks, ' ')
    .trim()
