import type { Message, Reply } from '../../server/contract/messages.ts'
import { inOneLine } from '../../views/messages/words.ts'
import { element, reader } from '../page.ts'
import { render } from '../render.ts'

/** What the text will be: a reply, an edit, or simply a new message. */
export class Context {
  reply: Reply | undefined
  editing: Message | undefined
  #bar = element('composer-context')

  /** @param cancelled by the bar's button */
  constructor(cancelled: () => void) {
    this.#bar.addEventListener('click', ({ target }) => {
      if ((target as Element).closest('[data-action="context-cancel"]')) cancelled()
    })
  }

  set(context: { reply?: Reply | undefined; editing?: Message | undefined }): void {
    this.reply = context.reply
    this.editing = context.editing
    this.#draw()
  }

  #draw(): void {
    const { reply, editing } = this
    this.#bar.hidden = !reply && !editing
    this.#bar.closest('form')?.classList.toggle('composer--editing', Boolean(editing))
    if (editing) {
      this.#bar.innerHTML = render('conversations/context', {
        editing: true,
        words: inOneLine(editing, reader),
      })
    } else if (reply) {
      const name = reply.sender_id === reader.me?.id ? reader.t('conversations.you') : reply.sender_name
      const words = reply.excerpt || reader.t('conversations.attachment')
      this.#bar.innerHTML = render('conversations/context', { name, words })
    }
  }
}
