import type { Attachment } from '../../server/contract/attachments.ts'
import { limits } from '../../server/contract/limits.ts'
import { draw } from '../keyed.ts'
import { tell } from '../notice.ts'
import { element, reader } from '../page.ts'
import { render } from '../render.ts'
import { Uploads } from './uploads.ts'

const known = new Map<number, Uploads>()

/** What is attached to the message being written: shown above the text, each with its progress. */
export class Tray {
  onChange: () => void = () => {}
  /** Everything has arrived that somebody wanted to send before it had. */
  onReady: () => void = () => {}
  #uploads: Uploads
  #list = element('tray')
  #wanted = false
  #hidden = false

  constructor(conversationId: number, attachments: Attachment[] | undefined, signal: AbortSignal) {
    this.#uploads = known.get(conversationId) ?? new Uploads(attachments)
    known.set(conversationId, this.#uploads)
    this.#uploads.onChange = () => this.#changed()
    signal.addEventListener('abort', () => {
      this.#uploads.onChange = () => {}
    })
    this.#list.addEventListener('click', (event) => this.#click(event))
    const files = element<HTMLInputElement>('files')
    files.addEventListener('change', () => {
      this.add([...(files.files ?? [])])
      files.value = ''
    })
    document.querySelector('#composer [data-action="attach"]')?.addEventListener('click', () => files.click())
    this.#draw()
  }

  get any(): boolean {
    return this.#uploads.items.length > 0
  }

  get done(): Attachment[] {
    return this.#uploads.done
  }

  add(files: File[]): void {
    const room = limits.messageAttachments - this.#uploads.items.length
    if (files.length > room) tell(reader.t('attachments.most'))
    this.#uploads.add(files.slice(0, room))
  }

  /** Files that are uploaded already, of a message that came back. */
  restore(attachments: Attachment[]): void {
    this.#uploads.restore(attachments)
  }

  clear(): void {
    this.#wanted = false
    this.#uploads.clear()
  }

  /** While another message is being changed, these files are none of its. */
  hide(hidden: boolean): void {
    this.#hidden = hidden
    this.#draw()
  }

  /** Whether everything may go out now; if not, it is told why, and what is on its way is waited for. */
  settled(): boolean {
    if (this.#uploads.failed) {
      tell(reader.t('attachments.mend'))
      return false
    }
    this.#wanted = this.#uploads.busy
    if (this.#wanted) tell(reader.t('attachments.waiting'))
    return !this.#wanted
  }

  #changed(): void {
    this.#draw()
    this.onChange()
    if (!this.#wanted || this.#uploads.busy) return
    this.#wanted = false
    if (!this.#uploads.failed) this.onReady()
  }

  #draw(): void {
    this.#list.hidden = this.#hidden || !this.any
    draw(
      this.#list,
      this.#uploads.items.map((upload) => ({
        key: upload.key,
        html: render('attachments/tray-item', { upload }),
      })),
    )
  }

  #click({ target }: MouseEvent): void {
    const button = (target as Element).closest<HTMLElement>('[data-upload-remove], [data-upload-again]')
    const { uploadRemove, uploadAgain } = button?.dataset ?? {}
    if (uploadAgain) this.#uploads.retry(uploadAgain)
    if (!uploadRemove) return
    this.#uploads.remove(uploadRemove)
    const next = this.#list.querySelector<HTMLElement>('[data-upload-remove]')
    ;(next ?? document.querySelector<HTMLElement>('#composer [data-action="attach"]'))?.focus()
  }
}
