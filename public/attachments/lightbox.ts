import type { Attachment } from '../../server/contract/attachments.ts'
import type { Message } from '../../server/contract/messages.ts'
import lightboxTemplate from '../../views/attachments/lightbox.eta'
import { isPicture } from '../../views/attachments/pictures.ts'
import { openDialog } from '../dialog.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'

/** Shows a picture full size; the arrows and swipes go through all pictures of the loaded messages. */
export const openLightbox = (messages: readonly Message[], attachmentId: number): void =>
  openPictures(
    messages.flatMap((message) => message.attachments.filter(isPicture)),
    attachmentId,
  )

/** The same of these pictures. @param showMessage goes to the message of one, which closes the lightbox */
export function openPictures(
  pictures: Attachment[],
  attachmentId: number,
  showMessage?: (attachmentId: number) => void,
): void {
  let index = pictures.findIndex((picture) => picture.id === attachmentId)
  if (index < 0) return
  const dialog = openDialog('<dialog class="lightbox"></dialog>')
  dialog.setAttribute('aria-label', reader.t('attachments.photo', { name: '' }))

  function show(): void {
    const file = pictures[index] as Attachment
    const focused = (document.activeElement as HTMLElement | null)?.dataset.step
    dialog.innerHTML = renderTemplate(lightboxTemplate, {
      file,
      index,
      count: pictures.length,
      hasMessage: !!showMessage,
    })
    const again = focused && dialog.querySelector<HTMLElement>(`[data-step="${focused}"]:not(:disabled)`)
    ;(again || dialog.querySelector<HTMLElement>('[data-step="close"]'))?.focus()
    for (const neighbour of [pictures[index - 1], pictures[index + 1]])
      if (neighbour) new Image().src = neighbour.url
  }

  function step(by: number): void {
    if (!pictures[index + by]) return
    index += by
    show()
  }

  dialog.addEventListener('click', ({ target }) => {
    const where = (target as Element).closest<HTMLElement>('[data-step]')?.dataset.step
    if (where === 'close' || where === 'message') dialog.close()
    if (where === 'message') showMessage?.(pictures[index]!.id)
    else if (where && where !== 'close') step(Number(where))
    else if (!where && !(target as Element).closest('img, a, button, p')) dialog.close()
  })
  dialog.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowLeft') step(-1)
    if (key === 'ArrowRight') step(1)
  })
  swipe(dialog, step)
  show()
}

function swipe(dialog: HTMLElement, step: (by: number) => void): void {
  let from = 0
  dialog.addEventListener('touchstart', ({ touches }) => {
    // Two fingers, or a zoomed page: the gesture pans or zooms.
    const plain = touches.length === 1 && (visualViewport?.scale ?? 1) === 1
    from = plain ? touches[0]!.clientX : Number.NaN
  })
  dialog.addEventListener('touchend', ({ changedTouches }) => {
    const by = changedTouches[0]!.clientX - from
    if (Math.abs(by) > 60) step(by > 0 ? -1 : 1)
  })
}
