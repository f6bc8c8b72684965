import type { MessagePage } from '../server/contract/messages.ts'
import { paragraphs } from '../views/messages/paragraphs.ts'
import { draftOf, storeDraft } from './composer/drafts.ts'
import { page } from './page.ts'

/** The conversation that the server has drawn, until the script takes it over. */
export class Drawn {
  #id: number | undefined

  /** @returns whether the script has something to take over, or to fill the shell with */
  begin(id: number): boolean {
    if (document.getElementById('log')) this.#id = id
    return page.isShell || this.#id !== undefined
  }

  get isThere(): boolean {
    return this.#id !== undefined
  }

  is(id: number | undefined): boolean {
    return this.#id !== undefined && this.#id === id
  }

  /** Its message was sent as it stands, so another page is coming. */
  get isSent(): boolean {
    return this.isThere && document.getElementById('composer')?.dataset.sent !== undefined
  }

  /** Whether it shows what an offline copy lacks. */
  isNewerThan({ messages }: MessagePage): boolean {
    const drawn = [...document.querySelectorAll<HTMLElement>('#log [data-message-id]')].at(-1)
    return this.isThere && Number(drawn?.dataset.messageId ?? 0) > (messages.at(-1)?.id ?? 0)
  }

  takeOver(): void {
    this.#id = undefined
  }

  /** What was typed into it is its draft. */
  leave(): void {
    const id = this.#id
    const text = document.querySelector<HTMLTextAreaElement>('#composer-input textarea')?.value
    if (id && text) storeDraft(id, { ...draftOf(id), text, html: paragraphs(text) })
    this.#id = undefined
  }
}

/** The message that the address leads to. */
export function linkedMessage(): number | undefined {
  const linked = /^#m([1-9]\d*)/.exec(location.hash)?.[1]
  return Number(linked ?? new URLSearchParams(location.search).get('wiadomosc')) || undefined
}
