import confirmTemplate from '../views/dialogs/confirm.eta'
import { lay } from './back.ts'
import { renderTemplate, toElement } from './render.ts'

/** Shows a dialog made from HTML; it is gone when it is closed, and the focus is where it was. */
export function openDialog(html: string): HTMLDialogElement {
  const dialog = toElement<HTMLDialogElement>(html)
  document.body.append(dialog)
  dialog.addEventListener('close', () => dialog.remove())
  showDialog(dialog)
  return dialog
}

/** Shows a dialog that is part of the page. A click beside it, Escape and Back close it. */
export function showDialog(dialog: HTMLDialogElement): void {
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
  const closed = lay(
    () => dialog.close(),
    () => dialog.open,
  )
}

interface Question {
  title: string
  text: string
  /** What the button says that does it. */
  action: string
  danger?: boolean
}

/** Asks once before something that cannot be undone. */
export function confirmed(question: Question): Promise<boolean> {
  const dialog = openDialog(renderTemplate(confirmTemplate, { danger: true, ...question }))
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes')),
  )
}
