import type { Message } from '../../server/contract/messages.ts'
import type { SharedKind } from '../../server/contract/shared.ts'
import { webAddresses } from '../../views/messages/linked.ts'
import dialogTemplate from '../../views/shared/dialog.eta'
import { openPictures } from '../attachments/lightbox.ts'
import { openDialog } from '../dialog.ts'
import type { OpenConversation } from '../messages/open-conversation.ts'
import { renderTemplate } from '../render.ts'
import { SharedPanel } from './shared-panel.ts'
import { followTabs } from './tabs.ts'

const kinds = ['images', 'files', 'links'] as const satisfies SharedKind[]
/** What comes in a burst is asked for once. */
const burstMs = 300

/** Shows the pictures, files and links of the open conversation, and keeps up with it while they are shown. */
export function openShared(open: OpenConversation, uncover: () => void): void {
  const dialog = openDialog(renderTemplate(dialogTemplate, {}))
  const panels = new Map(
    kinds.map((kind) => [kind, new SharedPanel(part(dialog, `#shared-${kind}`), open.id, kind)]),
  )
  const lists = [...panels.values()].map(({ list }) => list)
  followTabs(part(dialog, '[role="tablist"]'), (chosen) => {
    for (const [kind, panel] of panels) panel.show(kind === chosen)
  })
  panels.get('images')?.show(true)

  const show = (messageId: number) => {
    // Once the focus has returned from the dialog.
    dialog.addEventListener('close', () => void open.show(messageId), { once: true })
    dialog.close()
    uncover()
  }
  dialog.addEventListener('click', (event) => {
    const { show: messageId, picture } =
      (event.target as Element).closest<HTMLElement>('[data-show], [data-picture]')?.dataset ?? {}
    if (messageId) show(Number(messageId))
    if (!picture || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const shown = panels.get('images')?.list.items ?? []
    const pictures = shown.flatMap(({ attachment }) => attachment ?? [])
    const messageOf = (id: number) => shown.find(({ attachment }) => attachment?.id === id)?.message_id
    openPictures(pictures, Number(picture), (id) => show(messageOf(id) ?? 0))
  })

  let timer = 0
  open.onChange = (messageId, message) => {
    const isShown = lists.some(({ items }) => items.some(({ message_id }) => message_id === messageId))
    if (!isShown && message && !mayShare(message)) return
    if (message?.is_deleted) for (const list of lists) list.drop(messageId)
    clearTimeout(timer)
    timer = setTimeout(() => {
      for (const list of lists) void list.again()
    }, burstMs)
  }
  // Whoever is no longer a member sees no more of it.
  open.closed.addEventListener('abort', () => dialog.close())
  dialog.addEventListener('close', () => {
    clearTimeout(timer)
    open.onChange = () => {}
    for (const list of lists) list.close()
  })
}

const mayShare = ({ attachments, content }: Message) =>
  attachments.length > 0 || !webAddresses(content ?? '').next().done

const part = (dialog: HTMLElement, selector: string) => dialog.querySelector(selector) as HTMLElement
