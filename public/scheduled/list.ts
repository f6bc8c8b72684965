import type { Scheduled } from '../../server/contract/scheduled.ts'
import itemsTemplate from '../../views/scheduled/items.eta'
import listTemplate from '../../views/scheduled/list.eta'
import { openDialog } from '../dialog.ts'
import { renderTemplate } from '../render.ts'

type Act = 'edit' | 'move' | 'now' | 'cancel'

/** The dialog with what waits in a conversation. */
export class ScheduledList {
  #items: () => Scheduled[]
  #isEditable: boolean
  #dialog: HTMLDialogElement

  /** @param isEditable whether the composer of that conversation is there */
  constructor(
    items: () => Scheduled[],
    isEditable: boolean,
    acts: Record<Act, (scheduled: Scheduled) => void>,
  ) {
    this.#items = items
    this.#isEditable = isEditable
    this.#dialog = openDialog(renderTemplate(listTemplate, { items: items(), editable: isEditable }))
    this.#dialog.addEventListener('click', ({ target }) => {
      const button = (target as Element).closest<HTMLElement>('[data-scheduled]')
      const key = Number(button?.closest<HTMLElement>('[data-key]')?.dataset.key)
      const found = this.#items().find(({ id }) => id === key)
      if (button && found) acts[button.dataset.scheduled as Act](found)
    })
  }

  close(): void {
    this.#dialog.close()
  }

  /** Closes with the last one. The focus stays on the same button, or goes to the next one. */
  draw(): void {
    if (!this.#dialog.open) return
    const items = this.#items()
    if (items.length === 0) return this.close()
    const list = this.#dialog.querySelector('ul') as HTMLElement
    const { activeElement } = document
    const { scheduled: act } = (activeElement as HTMLElement | null)?.dataset ?? {}
    const key = activeElement?.closest<HTMLElement>('[data-key]')?.dataset.key
    list.innerHTML = renderTemplate(itemsTemplate, { items, editable: this.#isEditable })
    if (!act) return
    const same = list.querySelector<HTMLElement>(`[data-key="${key}"] [data-scheduled="${act}"]`)
    ;(same ?? list.querySelector<HTMLElement>('[data-scheduled]'))?.focus()
  }
}
