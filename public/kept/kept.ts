import type { Events } from '../../server/contract/events.ts'
import { DraftSync } from '../composer/draft-sync.ts'
import type { OpenConversation } from '../messages/open-conversation.ts'
import { ScheduledMessages } from '../scheduled/scheduled.ts'

/** Drafts and scheduled messages, as the server has them. */
export class Kept {
  #drafts = new DraftSync()
  #scheduled: ScheduledMessages

  constructor(open: () => OpenConversation | undefined, changed: () => void) {
    this.#drafts.onAdopted = changed
    this.#scheduled = new ScheduledMessages(open)
    this.refresh()
  }

  refresh(): void {
    // Without a connection the next stream asks again.
    this.#drafts.refresh().catch(() => {})
    this.#scheduled.refresh().catch(() => {})
  }

  draft(event: Events['draft_updated']): void {
    this.#drafts.receive(event)
  }

  scheduled(event: Events['scheduled_updated']): void {
    this.#scheduled.receive(event)
  }

  openLater(button: Element): void {
    this.#scheduled.openMenu(button)
  }

  draw(): void {
    this.#scheduled.draw()
  }
}
