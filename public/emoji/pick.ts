import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'

/** Loads the picker, with its 55 KB of names, when it is first opened. */
export async function pickEmoji(beside: Element | DOMRect, picked: (emoji: string) => void): Promise<void> {
  try {
    const { openPicker } = await import('./picker.ts')
    openPicker(beside, picked)
  } catch {
    showNotice(reader.t('emoji.failed'))
  }
}
