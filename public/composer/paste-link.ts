import type Quill from 'quill/core.js'
import type { Range } from 'quill/core.js'
import { addresses } from '../../views/messages/addresses.ts'

/**
 * Makes the selected words a link to the address that is pasted over them, which is undone in one step.
 * @returns whether it did: not of code, mentions, or what is an address itself
 */
export function pasteLink(quill: Quill, { index, length }: Range, pasted: string): boolean {
  const target = addressIn(pasted)
  if (!target || target.startsWith('tel:')) return false
  const { ops } = quill.getContents(index, length)
  const isPlain = ops.every(
    ({ insert, attributes: { code, 'code-block': block } = {} }) =>
      typeof insert === 'string' && !code && !block,
  )
  const words = quill.getText(index, length)
  if (!isPlain || !words.trim() || addressIn(words)) return false
  quill.history.cutoff()
  quill.formatText(index, length, 'link', target, 'user')
  quill.history.cutoff()
  quill.setSelection(index + length, 'silent')
  return true
}

/** Where a text leads that is nothing but an address. */
function addressIn(text: string): string | undefined {
  const trimmed = text.trim()
  const [found] = addresses(trimmed)
  return found?.start === 0 && found.end === trimmed.length ? found.target : undefined
}
