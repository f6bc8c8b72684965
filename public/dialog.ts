import confirmTemplate from '../views/dialogs/confirm.eta'
import { pushLayer } from './back.ts'
import { renderTemplate, toElement } from './render.ts'

/** Shows a dialog made from HTML, and removes it when it is closed. */
export function openDialog(html: string): HTMLDialogElement {
  const dialog = toElement<HTMLDialogElement>(html)
  document.body.append(dialog)
  dialog.addEventListener('close', () => dialog.remove())
  showDialog(dialog)
  return dialog
}

/** Closed by a click outside, Escape and Back. */
function showDialog(dialog: HTMLDialogElement): void {
  const closing = new AbortController()
  const { signal } = closing
  // A click on the backdrop is a click on the dialog itself.
  dialog.addEventListener('pointerdown', ({ target }) => target === dialog && dialog.close(), { signal })
  dialog.addEventListener(
    'close',
    () => {
      closing.abort()
      closed()
    },
    { signal },
  )
  dialog.showModal()
  const closed = pushLayer(
    () => dialog.close(),
    () => dialog.open,
  )
}

interface Question {
  title: string
  text: string
  /** The label of the confirming button. */
  action: string
  danger?: boolean
}

export function confirmed(question: Question): Promise<boolean> {
  const dialog = openDialog(renderTemplate(confirmTemplate, { danger: true, ...question }))
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes')),
  )
}
