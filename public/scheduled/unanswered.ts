import type { Scheduled } from '../../server/contract/scheduled.ts'
import { api } from '../api.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'

/** Messages that were asked to be deleted, without an answer. What was to follow is done once they are known to be gone. */
export class Unanswered {
  #all = new Map<number, { scheduled: Scheduled; done: () => void }>()

  add(scheduled: Scheduled, done: () => void): void {
    this.#all.set(scheduled.id, { scheduled, done })
  }

  has(id: number): boolean {
    return this.#all.has(id)
  }

  forget(id: number): void {
    this.#all.delete(id)
  }

  /** @param waits whether it is still there, as far as is known */
  async settle(waits: (id: number) => boolean): Promise<void> {
    for (const [id, { scheduled, done }] of this.#all) {
      if (waits(id)) continue
      const isSent = await wasSent(scheduled)
      // Unless that was done meanwhile.
      if (!this.#all.delete(id)) continue
      if (isSent) sayGone(true)
      else done()
    }
  }
}

export const sayGone = (isSent: boolean): void =>
  showNotice(reader.t(isSent ? 'scheduled.sent' : 'scheduled.gone'))

/** Its message is among the newest then: this is asked soon after it was sent. */
export async function wasSent({ conversation_id, client_id }: Scheduled): Promise<boolean> {
  const { messages } = await api.messages(conversation_id)
  return messages.some((message) => message.client_id === client_id)
}
