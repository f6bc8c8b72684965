import type { Attachment } from '../../server/contract/attachments.ts'
import { limits } from '../../server/contract/limits.ts'
import { whenIdle } from '../idle.ts'
import { draw } from '../keyed.ts'
import { showNotice } from '../notice.ts'
import { element, reader } from '../page.ts'
import { render } from '../render.ts'
import { Uploads } from './uploads.ts'

// Loaded when the page is idle, so that it is there without a network, too.
const menu = () => import('../composer/attach-menu.ts')
whenIdle(() => void menu().catch(() => {}))

const known = new Map<number, Uploads>()

/** The files of the message being written, shown above the text with their progress. */
export class Tray {
  onChange: () => void = () => {}
  /** The uploads that a send was waiting for are done. */
  onReady: () => void = () => {}
  /** Chosen where files are. */
  onPoll: () => void = () => {}
  onVoice: () => void = () => {}
  #uploads: Uploads
  #list = element('tray')
  #sendsWhenReady = false
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
    const take = () => {
      this.add([...(files.files ?? [])])
      files.value = ''
    }
    files.addEventListener('change', take)
    // Chosen before the script had loaded.
    if (files.files?.length) queueMicrotask(take)
    const attach = document.querySelector('#composer [data-action="attach"]')
    attach?.addEventListener('click', () => void this.#openMenu(attach, files))
    this.#draw()
  }

  get hasFiles(): boolean {
    return this.#uploads.items.length > 0
  }

  get done(): Attachment[] {
    return this.#uploads.done
  }

  /** Says so if there is none. */
  hasRoomFor(count: number): boolean {
    if (count <= this.#room) return true
    showNotice(reader.t('attachments.most'))
    return false
  }

  get #room(): number {
    return limits.messageAttachments - this.#uploads.items.length
  }

  add(files: File[]): void {
    const room = this.#room
    this.hasRoomFor(files.length)
    this.#uploads.add(files.slice(0, room))
  }

  restore(attachments: Attachment[]): void {
    this.#uploads.restore(attachments)
  }

  clear(): void {
    this.#sendsWhenReady = false
    this.#uploads.clear()
  }

  /** While another message is being edited: the files do not belong to it. */
  hide(hidden: boolean): void {
    this.#hidden = hidden
    this.#draw()
  }

  /** Whether all of it is uploaded. */
  get isDone(): boolean {
    return !this.#uploads.busy && !this.#uploads.failed
  }

  /** Whether the message can be sent now; if not, says why, and `onReady` follows once the uploads are done. */
  isReadyToSend(): boolean {
    if (this.#uploads.failed) {
      showNotice(reader.t('attachments.mend'))
      return false
    }
    this.#sendsWhenReady = this.#uploads.busy
    if (this.#sendsWhenReady) showNotice(reader.t('attachments.waiting'))
    return !this.#sendsWhenReady
  }

  /** `onReady` follows once the uploads are done, with or without a network now. */
  sendWhenReady(): void {
    this.#sendsWhenReady = true
  }

  async #openMenu(button: Element, files: HTMLInputElement): Promise<void> {
    try {
      const { openAttachMenu } = await menu()
      openAttachMenu(button, {
        files: () => files.click(),
        voice: () => this.onVoice(),
        poll: () => this.onPoll(),
      })
    } catch {
      files.click()
    }
  }

  #changed(): void {
    this.#draw()
    this.onChange()
    if (!this.#sendsWhenReady || this.#uploads.busy || this.#uploads.isOffline) return
    this.#sendsWhenReady = false
    if (!this.#uploads.failed) this.onReady()
  }

  #draw(): void {
    this.#list.hidden = this.#hidden || !this.hasFiles
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
