import type { Events } from '../../server/contract/events.ts'
import { whenIdle } from '../idle.ts'
import type { OpenConversation } from '../messages/open-conversation.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import type { Kept } from './kept.ts'

/** What the server keeps for later, drafts and scheduled messages; loaded after the first paint. */
export class LateKept {
  #loaded: Kept | undefined
  #load: () => Promise<Kept>

  /** @param open the conversation on screen */
  constructor(open: () => OpenConversation | undefined, changed: () => void) {
    this.#load = async () => {
      const { Kept } = await import('./kept.ts')
      this.#loaded ??= new Kept(open, changed)
      return this.#loaded
    }
    whenIdle(() => void this.#load().catch(() => {}))
  }

  /** Asks when what is in the composer is to be sent. */
  async openLater(button: Element): Promise<void> {
    const loaded = await this.#load().catch(() => undefined)
    if (loaded) loaded.openLater(button)
    else showNotice(reader.t('scheduled.failed'))
  }

  /** After a time without a stream. */
  refresh(): void {
    this.#loaded?.refresh()
  }

  draft(event: Events['draft_updated']): void {
    this.#loaded?.draft(event)
  }

  scheduled(event: Events['scheduled_updated']): void {
    this.#loaded?.scheduled(event)
  }

  draw(): void {
    this.#loaded?.draw()
  }
}
