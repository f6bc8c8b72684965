import type { Events } from '../../server/contract/events.ts'
import type { Scheduled } from '../../server/contract/scheduled.ts'
import laterTemplate from '../../views/menus/later.eta'
import barTemplate from '../../views/scheduled/bar.eta'
import { api } from '../api.ts'
import type { Draft } from '../composer/drafts.ts'
import { Problem } from '../http.ts'
import { openMenu } from '../menus/menu.ts'
import type { OpenConversation } from '../messages/open-conversation.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import { renderTemplate, toElement } from '../render.ts'
import { uuid } from '../uuid.ts'
import { asBody, asDraft } from './convert.ts'
import { ScheduledList } from './list.ts'
import { pickTime } from './pick-time.ts'
import { likelyTimes } from './times.ts'
import { sayGone, Unanswered, wasSent } from './unanswered.ts'

/** One's own messages that wait for their time: how many there are above the composer, and all that is done to them. */
export class ScheduledMessages {
  #open: () => OpenConversation | undefined
  #known = new Map<number, Scheduled>()
  #list: ScheduledList | undefined
  /** The time of the one that was taken back into the composer last. */
  #before: { conversationId: number; at: string } | undefined
  /** Of which it was told that they were not sent, each with its time. */
  #told = new Set<string>()
  #unanswered = new Unanswered()
  // The same for each attempt, so that it waits once; what was changed meanwhile is another message.
  #wanted = { text: '', client_id: '' }

  constructor(open: () => OpenConversation | undefined) {
    this.#open = open
    document.addEventListener('click', ({ target }) => {
      if ((target as Element).closest('[data-action="scheduled"]')) this.#openList(this.#open()?.id)
    })
  }

  async refresh(): Promise<void> {
    const { scheduled } = await api.scheduled()
    this.#known = new Map(scheduled.map((each) => [each.id, each]))
    this.#changed()
    this.#tell(scheduled)
    await this.#unanswered.settle((id) => this.#known.has(id))
  }

  receive({ id, scheduled }: Events['scheduled_updated']): void {
    if (scheduled) this.#known.set(id, scheduled)
    else this.#known.delete(id)
    this.#changed()
    if (scheduled) this.#tell([scheduled])
    else this.#unanswered.settle((each) => this.#known.has(each)).catch(() => {})
  }

  #tell(all: Scheduled[]): void {
    const untold = all.filter((each) => each.failure && !this.#told.has(keyOf(each)))
    const [first] = untold
    if (!first) return
    const { conversation_id } = first
    for (const each of untold) if (each.conversation_id === conversation_id) this.#told.add(keyOf(each))
    const act = () => this.#openList(conversation_id)
    showNotice(reader.t('scheduled.unsent'), { label: reader.t('scheduled.show'), act })
  }

  in(conversationId: number): Scheduled[] {
    return [...this.#known.values()]
      .filter((each) => each.conversation_id === conversationId)
      .sort((a, b) => a.send_at.localeCompare(b.send_at) || a.id - b.id)
  }

  #changed(): void {
    this.draw()
    this.#list?.draw()
  }

  /** The line above the composer. */
  draw(): void {
    const open = this.#open()
    const form = document.getElementById('composer')
    if (!open || !form) return
    const all = this.in(open.id)
    const html = renderTemplate(barTemplate, {
      count: all.length,
      failed: all.some(({ failure }) => failure !== null),
    })
    const shown = form.querySelector<HTMLElement>('.scheduled-bar')
    if (all.length === 0) shown?.remove()
    else if (!shown) form.prepend(toElement(html))
    else if (shown.outerHTML !== toElement(html).outerHTML) shown.outerHTML = html
  }

  #openList(conversationId: number | undefined): void {
    if (conversationId === undefined || this.in(conversationId).length === 0) return
    const items = () => this.in(conversationId)
    this.#list = new ScheduledList(items, this.#open()?.id === conversationId, {
      edit: (scheduled) => void this.#takeBack(scheduled),
      move: (scheduled) => pickTime((send_at) => this.#change(scheduled, { send_at }), scheduled.send_at),
      now: (scheduled) => this.#change(scheduled, { send_at: null }),
      cancel: (scheduled) => void this.#cancel(scheduled),
    })
  }

  /** Where and when: a menu beside the button. */
  openMenu(button: Element): void {
    const open = this.#open()
    if (!open) return
    const before = this.#before?.conversationId === open.id ? this.#before.at : undefined
    const choices = likelyTimes(new Date(), before)
    openMenu(renderTemplate(laterTemplate, { choices }), button, (choice) => {
      const schedule = (at: string) => void this.#schedule(open, at)
      if (choice === 'pick') pickTime(schedule, before)
      else schedule(choice)
    })
  }

  async #schedule(open: OpenConversation, send_at: string): Promise<void> {
    const draft = open.take()
    if (!draft) return
    try {
      const { scheduled } = await api.schedule(open.id, { ...this.#bodyOf(open.id, draft), send_at })
      this.#wanted = { text: '', client_id: '' }
      this.#before = undefined
      this.#known.set(scheduled.id, scheduled)
      this.#changed()
      showNotice(reader.t('scheduled.done', { when: reader.clock.full(scheduled.send_at) }))
      if (this.#open() === open) open.focus()
    } catch (error) {
      if (!open.putBack(draft)) open.state.outbox.addFailed(open.id, draft)
      showNotice(reader.t(refusalOf(error)))
    }
  }

  #bodyOf(conversation_id: number, draft: Draft) {
    const { draft_version: _, ...rest } = draft
    const text = JSON.stringify([conversation_id, rest])
    if (this.#wanted.text !== text) this.#wanted = { text, client_id: uuid() }
    return { ...asBody(draft), client_id: this.#wanted.client_id }
  }

  async #change(scheduled: Scheduled, patch: Parameters<typeof api.reschedule>[1]): Promise<void> {
    await this.#attempt(scheduled, async () => {
      const answer = await api.reschedule(scheduled.id, patch)
      if (this.#known.has(scheduled.id)) this.#known.set(scheduled.id, answer.scheduled)
    })
  }

  async #cancel(scheduled: Scheduled, done = () => {}): Promise<void> {
    const { id } = scheduled
    const act = async () => {
      await api.cancelScheduled(id)
      this.#known.delete(id)
      done()
    }
    await this.#attempt(scheduled, act, () => this.#unanswered.add(scheduled, done))
  }

  /** Back into the composer, from where it may be scheduled again. */
  async #takeBack(scheduled: Scheduled): Promise<void> {
    const open = this.#open()
    if (!open || open.id !== scheduled.conversation_id) return
    if (!open.isFree) return showNotice(reader.t('scheduled.busy'))
    const draft = await asDraft(scheduled).catch(() => undefined)
    if (!draft) return showNotice(reader.t('scheduled.failed'))
    await this.#cancel(scheduled, () => {
      this.#list?.close()
      this.#before = { conversationId: open.id, at: scheduled.send_at }
      if (!open.putBack(draft)) open.state.outbox.addFailed(open.id, draft)
      else open.focus()
    })
  }

  async #attempt(scheduled: Scheduled, act: () => Promise<void>, unanswered = () => {}): Promise<void> {
    this.#unanswered.forget(scheduled.id)
    try {
      await act()
      this.#changed()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (!error.isTransient) return this.#refused(scheduled, error)
      unanswered()
      await this.refresh().catch(() => {})
      const { id } = scheduled
      if (this.#known.has(id) || this.#unanswered.has(id)) showNotice(reader.t('scheduled.failed'))
    }
  }

  async #refused(scheduled: Scheduled, { status }: Problem): Promise<void> {
    if (status === 404) this.#known.delete(scheduled.id)
    this.#changed()
    if (status === 404) return sayGone(await wasSent(scheduled).catch(() => false))
    showNotice(reader.t(status === 409 ? 'scheduled.going' : 'scheduled.failed'))
  }
}

const keyOf = ({ id, send_at }: Scheduled): string => `${id} ${send_at}`

const refusalOf = (error: unknown) =>
  error instanceof Problem && error.status === 409 ? 'scheduled.most' : 'scheduled.failed'
