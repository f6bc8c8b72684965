import { tell } from '../notice.ts'
import { reader } from '../page.ts'

/** Opens the emoji picker beside something; it comes, with its 55 KB of names, when it is first asked for. */
export async function pickEmoji(beside: Element | DOMRect, picked: (emoji: string) => void): Promise<void> {
  try {
    const { openPicker } = await import('./picker.ts')
    openPicker(beside, picked)
  } catch {
    tell(reader.t('emoji.failed'))
  }
}
