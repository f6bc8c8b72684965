import type { Message } from '../../server/contract/messages.ts'
import type { Pin } from '../../server/contract/pins.ts'
import listTemplate from '../../views/pins/list.eta'
import { openDialog } from '../dialog.ts'
import type { Host } from '../messages/host.ts'
import { renderTemplate } from '../render.ts'
import { pinMessage } from './pin.ts'

/** @param pins newest first */
export function openPins(host: Host, pins: Pin[], unpinned: (message: Message) => void): void {
  const members = new Map(host.conversation().members?.map((each) => [each.user_id, each.display_name]))
  const nameOf = (id: number) => members.get(id)
  const dialog = openDialog(renderTemplate(listTemplate, { pins, nameOf }))
  dialog.addEventListener('click', ({ target }) => {
    const { jump, unpin } =
      (target as Element).closest<HTMLElement>('[data-jump], [data-unpin]')?.dataset ?? {}
    const message = pins.find((pin) => pin.message.id === Number(jump ?? unpin))?.message
    if (!message) return
    if (jump) {
      dialog.close()
      host.show(message.id)
      return
    }
    void pinMessage(host, message, false)
    unpinned(message)
    const rows = dialog.querySelectorAll<HTMLElement>('.pin')
    if (rows.length === 1) dialog.close()
    dialog.querySelector(`.pin[data-key="${message.id}"]`)?.remove()
    dialog.querySelector<HTMLElement>('[data-unpin]')?.focus()
  })
}
