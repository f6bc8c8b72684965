import type { Events } from '../../server/contract/events.ts'
import type { Scheduled } from '../../server/contract/scheduled.ts'
import laterTemplate from '../../views/menus/later.eta'
import barTemplate from '../../views/scheduled/bar.eta'
import { api } from '../api.ts'
import { contentOf, type Draft } from '../composer/drafts.ts'
import { loadReply } from '../composer/load-reply.ts'
import { Problem } from '../http.ts'
import { openMenu } from '../menus/menu.ts'
import type { OpenConversation } from '../messages/open-conversation.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import { renderTemplate, toElement } from '../render.ts'
import { uuid } from '../uuid.ts'
import { ScheduledList } from './list.ts'
import { pickTime } from './pick-time.ts'
import { likelyTimes } from './times.ts'

/** One's own messages that wait for their time: how many there are above the composer, and all that is done to them. */
export class ScheduledMessages {
  #open: () => OpenConversation | undefined
  #known = new Map<number, Scheduled>()
  #list: ScheduledList | undefined
  /** The time of the one that was taken back into the composer last. */
  #before: { conversationId: number; at: string } | undefined
  // The same for each attempt, so that it waits once; what was changed meanwhile is another message.
  #attempt = { text: '', client_id: '' }

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
    const lost = scheduled.find(({ failure }) => failure === 'not_member')
    if (lost) this.#tell(lost)
  }

  receive({ id, scheduled }: Events['scheduled_updated']): void {
    if (scheduled) this.#known.set(id, scheduled)
    else this.#known.delete(id)
    this.#changed()
    if (scheduled?.failure) this.#tell(scheduled)
  }

  #tell({ conversation_id }: Scheduled): void {
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
      this.#attempt = { text: '', client_id: '' }
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
    if (this.#attempt.text !== text) this.#attempt = { text, client_id: uuid() }
    const { reply, attachments, draft_version } = draft
    return {
      content: contentOf(draft),
      client_id: this.#attempt.client_id,
      draft_version,
      ...(reply && { reply_to_id: reply.id }),
      ...(attachments && { attachment_ids: attachments.map(({ id }) => id) }),
    }
  }

  async #change(scheduled: Scheduled, patch: Parameters<typeof api.reschedule>[1]): Promise<void> {
    await this.#attempted(scheduled, async () => {
      const answer = await api.reschedule(scheduled.id, patch)
      if (this.#known.has(scheduled.id)) this.#known.set(scheduled.id, answer.scheduled)
    })
  }

  async #cancel(scheduled: Scheduled): Promise<boolean> {
    return this.#attempted(scheduled, () => api.cancelScheduled(scheduled.id), true)
  }

  /** Back into the composer, from where it may be scheduled again. */
  async #takeBack(scheduled: Scheduled): Promise<void> {
    const open = this.#open()
    if (!open || open.id !== scheduled.conversation_id) return
    if (!open.isFree) return showNotice(reader.t('scheduled.busy'))
    const { content: html, content_text: text, attachments, reply_to_id } = scheduled
    const reply = reply_to_id && (await loadReply(open.id, reply_to_id))
    if (!(await this.#cancel(scheduled))) return
    this.#list?.close()
    this.#before = { conversationId: open.id, at: scheduled.send_at }
    const draft: Draft = {
      html,
      text,
      ...(reply && { reply }),
      ...(attachments.length && { attachments }),
    }
    if (!open.putBack(draft)) open.state.outbox.addFailed(open.id, draft)
    else open.focus()
  }

  /** @returns whether it was done; it is gone where there was none any more */
  async #attempted({ id }: Scheduled, act: () => Promise<unknown>, isLast = false): Promise<boolean> {
    try {
      await act()
      if (isLast) this.#known.delete(id)
      this.#changed()
      return true
    } catch (error) {
      if (error instanceof Problem && error.status === 404) this.#known.delete(id)
      const isGoing = error instanceof Problem && error.status === 409
      showNotice(reader.t(isGoing ? 'scheduled.going' : 'scheduled.failed'))
      this.#changed()
      return false
    }
  }
}

const refusalOf = (error: unknown) =>
  error instanceof Problem && error.status === 409 ? 'scheduled.most' : 'scheduled.failed'
