import type { DraftPlace } from '../../server/contract/drafts.ts'
import { plainText } from '../../views/messages/plain-text.ts'
import { api } from '../api.ts'
import { Problem } from '../http.ts'
import {
  adoptDraft,
  contentOf,
  type Draft,
  draftOf,
  draftPrefix,
  drafts,
  type Sync,
  storeSync,
  syncOf,
  syncPrefix,
} from './drafts.ts'
import { loadReply } from './load-reply.ts'

const pauseMs = 2000
/** What was typed last is stored by then; see composer.ts. */
const settledMs = 400
const retryMs = 10_000

/** A draft as the server would store it. */
const signOf = (draft: Draft): string => `${draft.reply?.id ?? ''} ${contentOf(draft)}`.trim()

/**
 * Saves drafts on the server once typing pauses, and takes over those that other devices have saved. What was typed here
 * and is not saved yet goes after them.
 */
export class DraftSync {
  onAdopted: () => void = () => {}
  /** Those changed in this tab, with the timers of their saving. */
  #timers = new Map<number, number>()
  /** Those on their way, with what came meanwhile. */
  #saving = new Map<number, DraftPlace | undefined>()
  /** What the server will never take. */
  #refused = new Map<number, string>()
  #isLeaving = false

  constructor() {
    drafts.stored = (id) => this.#stored(id)
    // Before the composer stores the last of it.
    addEventListener('pagehide', () => this.#leave(), { capture: true })
    addEventListener('pageshow', () => {
      this.#isLeaving = false
    })
    const flushSoon = () => setTimeout(() => this.#flush(), settledMs)
    addEventListener('blur', flushSoon)
    addEventListener('focusout', flushSoon)
  }

  /** Loads all of them: at the start, and after a time without a stream. */
  async refresh(): Promise<void> {
    const { drafts: all } = await api.drafts()
    for (const draft of all) this.receive(draft)
    // Left behind by an earlier page.
    for (const id of conversationsKept())
      if (isUnsaved(id) && !this.#timers.has(id)) this.#schedule(id, settledMs)
  }

  receive(draft: DraftPlace): void {
    const { conversation_id: id, version } = draft
    if (this.#saving.has(id)) return void this.#saving.set(id, draft)
    if (version <= syncOf(id).version) return
    if (!drafts.settle(id)) return void setTimeout(() => this.receive(draft), settledMs)
    // Changed in another tab, which will hear of it too.
    if (isUnsaved(id) && !this.#timers.has(id)) return
    void this.#takeOver(draft).catch(() => {})
  }

  async #takeOver(draft: DraftPlace): Promise<void> {
    const { conversation_id: id, content, reply_to_id, version } = draft
    const before = syncOf(id)
    const known = draftOf(id).reply
    const reply = known?.id === reply_to_id ? known : reply_to_id && (await loadReply(id, reply_to_id))
    // Saved or sent while the message replied to was loaded.
    if (!drafts.settle(id) || this.#saving.has(id) || syncOf(id).version !== before.version)
      return this.receive(draft)
    const theirs: Draft = { html: content, text: plainText(content), ...(reply && { reply }) }
    const mine = draftOf(id)
    const { attachments } = mine
    const draftNow = isUnsaved(id) ? joined(theirs, mine, before) : theirs
    storeSync(id, { version, saved: signOf(theirs) })
    if (signOf(draftNow) !== signOf(mine)) {
      adoptDraft(id, { ...draftNow, ...(attachments && { attachments }) })
      this.onAdopted()
    }
    if (isUnsaved(id)) this.#schedule(id)
  }

  #stored(id: number): void {
    if (!isUnsaved(id) || this.#refused.get(id) === signOf(draftOf(id))) return
    if (this.#isLeaving) void this.#save(id)
    else this.#schedule(id)
  }

  #schedule(id: number, wait = pauseMs): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.set(
      id,
      setTimeout(() => void this.#save(id), wait),
    )
  }

  #flush(): void {
    for (const id of this.#timers.keys()) void this.#save(id)
  }

  #leave(): void {
    this.#isLeaving = true
    this.#flush()
  }

  async #save(id: number): Promise<void> {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    if (this.#saving.has(id) || !isUnsaved(id)) return
    const draft = draftOf(id)
    const sync = syncOf(id)
    const saving = signOf(draft)
    storeSync(id, { ...sync, saving })
    this.#saving.set(id, undefined)
    const body = {
      content: contentOf(draft),
      reply_to_id: draft.reply?.id ?? null,
      version: sync.version,
    }
    const wait = await api.saveDraft(id, body, this.#isLeaving).then(
      ({ version }) => this.#saved(id, version, saving),
      (error) => this.#failed(id, error, { sent: saving, earlier: sync.saving }),
    )
    const meanwhile = this.#saving.get(id)
    this.#saving.delete(id)
    if (isUnsaved(id) && wait !== undefined) this.#schedule(id, wait)
    if (meanwhile) this.receive(meanwhile)
  }

  /** @returns after how long what was typed meanwhile is to be saved */
  #saved(id: number, version: number, sent: string): number {
    const { saving, ...sync } = syncOf(id)
    // Without it, the draft was sent meanwhile.
    storeSync(id, {
      version: Math.max(version, sync.version),
      saved: saving === undefined ? sync.saved : sent,
    })
    return pauseMs
  }

  /** @param earlier one that was sent before, and may have been saved although no answer came */
  #failed(
    id: number,
    error: unknown,
    { sent, earlier }: { sent: string; earlier: string | undefined },
  ): number | undefined {
    const { saving, ...sync } = syncOf(id)
    const { draft, isTransient } = error as Partial<Problem>
    if (!draft && (isTransient || !(error instanceof Problem))) return retryMs
    // Without `saving` it was sent meanwhile.
    storeSync(id, { ...sync, ...(saving !== undefined && earlier !== undefined && { saving: earlier }) })
    if (!draft) this.#refused.set(id, sent)
    else if (draft.version > (this.#saving.get(id)?.version ?? sync.version))
      this.#saving.set(id, { ...draft, conversation_id: id })
    return draft && retryMs
  }
}

const isUnsaved = (id: number): boolean => signOf(draftOf(id)) !== syncOf(id).saved

/**
 * What another device has saved, with what was typed here meanwhile after it, so that nothing is lost. That is enough
 * by itself if it has all of theirs, or goes on from it: it was saved here, even if no answer came.
 */
function joined(theirs: Draft, mine: Draft, { saved, saving }: Sync): Draft {
  const text = theirs.text.trim()
  const isMine = [saved, saving].some((sign) => sign !== undefined && textOf(sign) === text)
  const isDropped = theirs.reply && saved.split(' ')[0] === String(theirs.reply.id)
  const reply = mine.reply ?? (isDropped ? undefined : theirs.reply)
  const html = isMine || mine.text.startsWith(text) ? mine.html : theirs.html + contentOf(mine)
  return { html, text: plainText(html), ...(reply && { reply }) }
}

/** Of a draft, by what `signOf` gives for it. */
const textOf = (sign: string): string => plainText(sign.replace(/^\d+ ?/, '')).trim()

/** The conversations of which this browser keeps a draft, or knows that there was one. */
function conversationsKept(): Set<number> {
  const ids = Object.keys(localStorage).flatMap((key) => {
    const prefix = [draftPrefix, syncPrefix].find((each) => key.startsWith(each))
    return prefix ? Number(key.slice(prefix.length)) : []
  })
  return new Set(ids)
}
