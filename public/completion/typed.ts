import type Quill from 'quill/core.js'

/** What was typed of a mention so far: where its "@" stands, and what follows up to the cursor. */
export interface Typed {
  at: number
  words: string
}

/** Up to four words, as names have; an "@" within a word belongs to an address. */
const begun = /(?<![\p{L}\p{N}_.@-])@((?:[\p{L}\p{M}\p{N}'’.-]+(?: [\p{L}\p{M}\p{N}'’.-]+){0,3} ?)?)$/u
const maxCharacters = 50

/** Undefined where no mention is being typed, as within code. */
export function typedAt(quill: Quill, index: number): Typed | undefined {
  const [, words] = begun.exec(textBefore(quill, index)) ?? []
  if (words === undefined || words.length > maxCharacters) return undefined
  const { code, 'code-block': block } = quill.getFormat(index)
  return code || block ? undefined : { at: index - words.length - 1, words }
}

/**
 * The same while an input method composes, as screen keyboards do with every word: the editor learns of it once it is done.
 * @param at where the "@" stands
 */
export function composedAt(at: number): Typed | undefined {
  const { anchorNode, anchorOffset } = getSelection() ?? {}
  const before = anchorNode instanceof Text ? anchorNode.data.slice(0, anchorOffset) : ''
  const [, words] = begun.exec(before) ?? []
  return words === undefined || words.length > maxCharacters ? undefined : { at, words }
}

/** Of the same line, since the last mention. */
function textBefore(quill: Quill, index: number): string {
  const [, offset] = quill.getLine(index)
  const { ops } = quill.getContents(index - offset, offset)
  const last = ops.findLastIndex(({ insert }) => typeof insert !== 'string')
  return ops
    .slice(last + 1)
    .map(({ insert }) => insert)
    .join('')
}
