import type Quill from 'quill/core.js'
import type { Source } from './source.ts'

/** What was typed of something so far: where its sign stands, and what follows up to the cursor. */
export interface Typed {
  source: Source
  at: number
  words: string
}

const maxCharacters = 50

/** Undefined where nothing is being typed that can be completed, as within code. */
export function typedAt(quill: Quill, index: number, sources: Source[]): Typed | undefined {
  const before = textBefore(quill, index)
  const typed = firstOf(sources, before, ({ begun }) => begun)
  if (!typed || isVerbatim(quill, index)) return undefined
  return { ...typed, at: index - typed.words.length - 1 }
}

/** What was written out whole, from `at` up to the cursor. */
export function wholeAt(
  quill: Quill,
  index: number,
  sources: Source[],
): (Typed & { end: number }) | undefined {
  const typed = firstOf(sources, textBefore(quill, index), ({ whole }) => whole)
  if (!typed || isVerbatim(quill, index)) return undefined
  return { ...typed, at: index - typed.words.length - 2, end: index }
}

/**
 * The same while an input method composes, as screen keyboards do with every word: the editor learns of it once it is done.
 * @param typed before
 */
export function composedAt({ at, source }: Typed): Typed | undefined {
  const { anchorNode, anchorOffset } = getSelection() ?? {}
  const before = anchorNode instanceof Text ? anchorNode.data.slice(0, anchorOffset) : ''
  const found = firstOf([source], before, ({ begun }) => begun)
  return found && { ...found, at }
}

function firstOf(
  sources: Source[],
  before: string,
  patternOf: (source: Source) => RegExp | undefined,
): Pick<Typed, 'source' | 'words'> | undefined {
  for (const source of sources) {
    const [, words] = patternOf(source)?.exec(before) ?? []
    if (words !== undefined && words.length <= maxCharacters) return { source, words }
  }
  return undefined
}

/** Whether what is written there stays as it is. */
function isVerbatim(quill: Quill, index: number): boolean {
  const { code, link, 'code-block': block } = quill.getFormat(index)
  return Boolean(code || block || link)
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
