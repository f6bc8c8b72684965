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
  storeSync,
  syncOf,
  syncPrefix,
} from './drafts.ts'
import { loadReply } from './load-reply.ts'

const pauseMs = 2000
/** What was typed last is stored by then; see composer.ts. */
const settledMs = 400
const retryMs = 10_000

/** What the server would be told of a draft. */
const signOf = (draft: Draft): string => `${draft.reply?.id ?? ''} ${contentOf(draft)}`.trim()

/**
 * Saves drafts on the server once typing pauses, and takes over those that other devices have saved. What was typed here
 * and is not saved yet wins, as the newer one.
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
    const sync = syncOf(id)
    if (version <= sync.version) return
    const local = draftOf(id)
    if (isSame(local, draft)) return storeSync(id, { version, saved: signOf(local) })
    if (signOf(local) === sync.saved) void this.#adopt(draft).catch(() => {})
    // Changed in another tab, which will hear of it too.
    else if (this.#timers.has(id)) storeSync(id, { ...sync, version })
  }

  async #adopt({ conversation_id: id, content, reply_to_id, version }: DraftPlace): Promise<void> {
    const { attachments, reply: known } = draftOf(id)
    const before = syncOf(id)
    const reply = known?.id === reply_to_id ? known : reply_to_id && (await loadReply(id, reply_to_id))
    // Typed or sent while the message replied to was loaded.
    if (signOf(draftOf(id)) !== before.saved || syncOf(id).version !== before.version) return
    const draft: Draft = {
      html: content,
      text: plainText(content),
      ...(reply && { reply }),
      ...(attachments && { attachments }),
    }
    storeSync(id, { version, saved: signOf(draft) })
    adoptDraft(id, draft)
    this.onAdopted()
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
      (error) => this.#failed(id, error, saving),
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

  #failed(id: number, error: unknown, sent: string): number | undefined {
    const { saving: _, ...sync } = syncOf(id)
    const { draft, isTransient } = error as Partial<Problem>
    storeSync(id, { ...sync, version: Math.max(draft?.version ?? 0, sync.version) })
    if (draft) return draft.version > sync.version ? 0 : retryMs
    if (isTransient || !(error instanceof Problem)) return retryMs
    this.#refused.set(id, sent)
    return undefined
  }
}

const isUnsaved = (id: number): boolean => signOf(draftOf(id)) !== syncOf(id).saved

/** Whether two say the same, however each of them is written. */
const isSame = (draft: Draft, { content, reply_to_id }: DraftPlace): boolean =>
  draft.text.trim() === plainText(content).trim() && (draft.reply?.id ?? null) === reply_to_id

/** The conversations of which this browser keeps a draft, or knows that there was one. */
function conversationsKept(): Set<number> {
  const ids = Object.keys(localStorage).flatMap((key) => {
    const prefix = [draftPrefix, syncPrefix].find((each) => key.startsWith(each))
    return prefix ? Number(key.slice(prefix.length)) : []
  })
  return new Set(ids)
}
