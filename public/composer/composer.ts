import type { Member } from '../../server/contract/conversations.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Message } from '../../server/contract/messages.ts'
import { countCharacters } from '../../views/messages/length.ts'
import { pickEmoji } from '../emoji/pick.ts'
import { enterSends } from '../keys.ts'
import { showNotice } from '../notice.ts'
import { element, reader } from '../page.ts'
import { Content, isEdit } from './content.ts'
import {
  type Draft,
  draftOf,
  drafts,
  type Edit,
  editOf,
  endDraft,
  replyTo,
  storeEdit,
  trimmed,
  watchDraft,
} from './drafts.ts'
import { listenToKeys } from './shortcuts.ts'

const saveDelayMs = 300

export interface ComposerEvents {
  send(draft: Draft): void
  edit(edit: Edit): void
  /** ArrowUp in an empty composer. */
  editLast(): void
  typing(isTyping: boolean): void
  /** Asked for in the menu of what can be attached. */
  poll(): void
  /** Those who can be mentioned; undefined where nobody can. */
  mentionable: (() => Promise<Member[]>) | undefined
}

/** Saves the draft as it is typed, and hands over what is to be sent. */
export class Composer {
  #conversationId: number
  #events: ComposerEvents
  #form = element<HTMLFormElement>('composer')
  #content: Content
  #signal: AbortSignal
  #timer = 0
  /** A character is half typed: nothing else may change the text. */
  #isComposing = false

  constructor(conversationId: number, events: ComposerEvents, signal: AbortSignal) {
    this.#conversationId = conversationId
    this.#events = events
    this.#signal = signal
    const { mentionable } = events
    const input = { changed: () => this.#typed(), submit: () => this.#submit(), mentionable }
    this.#content = new Content(conversationId, input, () => this.#cancel(), signal)
    this.#begin()
    this.#listen()
    this.#content.field.enrich()
  }

  #begin(): void {
    const kept = draftOf(this.#conversationId)
    const edit = editOf(this.#conversationId)
    // Text that the browser restored after a reload, or typed before the script loaded, is the newest.
    const typed = this.#content.field.get()
    const isNewer = typed.text !== '' && typed.text !== kept.text
    this.#content.show(isNewer ? { ...kept, ...typed } : (edit ?? kept))
    if (isNewer) this.#changed()
    // Enter pressed before the script loaded has only broken the line.
    if (enterSends() && /\S\s*\n$/.test(typed.text)) queueMicrotask(() => this.#submit())
  }

  #listen(): void {
    const { tray } = this.#content
    tray.onChange = () => this.#changed()
    tray.onReady = () => this.#submit()
    tray.onPoll = () => this.#events.poll()
    tray.onVoice = () => void this.#record()
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#submit()
    })
    const cancel = () => this.#cancel()
    listenToKeys(this.#form, this.#content, { cancel, editLast: this.#events.editLast })
    this.#form.addEventListener('click', ({ target }) => {
      const button = (target as Element).closest<HTMLElement>('[data-action]')
      if (button?.dataset.action === 'emoji') void pickEmoji(button, (emoji) => this.#insert(emoji))
      if (button?.dataset.action === 'voice') void this.#record()
    })
    watchDraft(this.#conversationId, (draft) => this.#changedElsewhere(draft), this.#signal)
    addEventListener('pagehide', () => this.saveDraft(), { signal: this.#signal })
    drafts.settle = (id) => id !== this.#conversationId || this.#signal.aborted || this.#settle()
    for (const name of ['compositionstart', 'compositionend'])
      this.#form.addEventListener(name, () => {
        this.#isComposing = name === 'compositionstart'
      })
  }

  focus(): void {
    this.#content.field.focus()
  }

  get isFree(): boolean {
    return this.#content.isFree
  }

  reply(message: Message): void {
    if (this.#content.editing) this.#cancel()
    this.#content.context.set({ reply: replyTo(message) })
    this.saveDraft()
    this.focus()
  }

  edit(message: Message): void {
    this.#startEdit({ html: message.content ?? '', text: message.content_text ?? '', edits: message })
  }

  attach(files: File[]): void {
    if (!this.#content.editing) this.#content.tray.add(files)
  }

  /** Into the draft: an edit of another message is left, and can be taken up again. */
  addShared(files: File[], text: string): void {
    if (this.#content.editing) this.#cancel()
    this.#content.tray.add(files)
    if (text) this.#insert(text)
  }

  /** Puts a refused message back into the composer, which must be free. */
  restore(draft: Draft): void {
    this.#content.tray.restore(draft.attachments ?? [])
    this.#content.show(draft)
    this.saveDraft()
    const { activeElement } = document
    if (this.#content.field.holds(activeElement) || activeElement === document.body) this.focus()
  }

  /** Empties the composer. @returns what was being written */
  takeDrafts(): Draft[] {
    return this.#content.takeDrafts()
  }

  saveDraft(): void {
    clearTimeout(this.#timer)
    this.#timer = 0
    this.#content.saveDraft()
  }

  /** Stores what was typed last. @returns whether something else may be shown */
  #settle(): boolean {
    if (this.#timer) this.saveDraft()
    return !this.#isComposing
  }

  #typed(): void {
    const { editing, field } = this.#content
    if (!editing) this.#events.typing(Boolean(field.get().text.trim()))
    this.#content.clearRefusal()
    this.#changed()
  }

  #changed(): void {
    this.#content.updateState()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.saveDraft(), saveDelayMs)
  }

  #submit(): void {
    const draft = trimmed(this.#content.draft)
    if (!isEdit(draft)) return this.#send()
    if (this.#isFitting(draft)) this.#save(draft)
  }

  #isFitting({ text }: Draft): boolean {
    const fits = countCharacters(text) <= limits.messageCharacters
    if (!fits) showNotice(reader.t('refused.too_long'))
    return fits
  }

  #save(edit: Edit): void {
    if (!edit.text && !edit.edits.attachments.length) return
    this.#leaveEdit()
    this.#events.edit(edit)
  }

  #send(): void {
    const draft = this.take()
    if (!draft) return
    this.#events.send(draft)
    this.focus()
  }

  /** What is ready to be sent leaves the composer. @param isLater it must not go by itself once files are uploaded */
  take(isLater = false): Draft | undefined {
    const draft = trimmed(this.#content.draft)
    if (isEdit(draft) || !this.#isFitting(draft)) return undefined
    const { tray } = this.#content
    if (isLater && !tray.isDone) {
      showNotice(reader.t('scheduled.uploading'))
      return undefined
    }
    if (!tray.isReadyToSend() || (!draft.text && !draft.attachments)) return undefined
    clearTimeout(this.#timer)
    this.#timer = 0
    this.#content.clear()
    return { ...draft, draft_version: endDraft(this.#conversationId) }
  }

  #startEdit(edit: Edit): void {
    if (this.#content.editing) this.#cancel()
    this.saveDraft()
    this.#content.show(edit)
    this.focus()
  }

  #leaveEdit(): void {
    clearTimeout(this.#timer)
    this.#timer = 0
    this.#content.leaveEdit()
    this.focus()
  }

  #cancel(): void {
    const left = this.#content.draft
    if (!isEdit(left)) {
      this.#content.context.set({})
      this.saveDraft()
      return this.focus()
    }
    this.#leaveEdit()
    if (left.html === left.edits.content) return
    showNotice(reader.t('messages.discarded'), {
      label: reader.t('messages.undo'),
      act: () => this.#resumeEdit(left),
    })
  }

  #resumeEdit(left: Edit): void {
    if (this.#signal.aborted) storeEdit(this.#conversationId, left)
    else this.#startEdit(left)
  }

  /** Sent alone; with text or files that are there already, it waits for them. */
  async #record(): Promise<void> {
    const { tray } = this.#content
    // What is recorded must not be thrown away.
    if (!tray.hasRoomFor(1)) return
    try {
      const { record } = await import('./attach-menu.ts')
      await record(this.#form, this.#signal, (file) => {
        const isAlone = this.#content.isFree && !this.#signal.aborted
        tray.add([file])
        if (isAlone) tray.sendWhenReady()
        this.focus()
      })
    } catch {
      showNotice(reader.t('messages.change_failed'))
    }
  }

  #insert(text: string): void {
    this.#content.field.insert(text)
    this.#typed()
  }

  // In another tab, or on another device. Never overwrites what is being typed here.
  #changedElsewhere(draft: Draft): void {
    if (this.#content.editing || this.#timer || this.#isComposing) return
    this.#content.show(draft)
  }
}
