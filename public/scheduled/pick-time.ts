import dialogTemplate from '../../views/dialogs/later.eta'
import { openDialog } from '../dialog.ts'
import { isEnter } from '../keys.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'
import { faultOf, lastTime, localValue, tomorrowMorning } from './times.ts'

/** Asks for a date and a time. @param before the one it has */
export function pickTime(picked: (at: string) => void, before?: string): void {
  const now = new Date()
  const value = localValue(before ? new Date(before) : tomorrowMorning(now))
  const range = { first: localValue(now), last: localValue(lastTime(now)) }
  const dialog = openDialog(renderTemplate(dialogTemplate, { value, ...range }))
  const input = dialog.querySelector('input') as HTMLInputElement
  const error = dialog.querySelector('[role="alert"]') as HTMLElement

  function submit(): void {
    const at = new Date(input.value)
    const fault = faultOf(at, new Date())
    if (!fault) {
      dialog.close()
      return picked(at.toISOString())
    }
    error.textContent = reader.t(fault)
    error.hidden = false
    input.focus()
  }

  dialog.querySelector('[data-action="submit"]')?.addEventListener('click', submit)
  input.addEventListener('keydown', (event) => {
    if (!isEnter(event)) return
    // Or it would press the first button, which closes.
    event.preventDefault()
    submit()
  })
}
