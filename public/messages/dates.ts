import dateTemplate from '../../views/dialogs/date.eta'
import { openDialog } from '../dialog.ts'
import { isEnter } from '../keys.ts'
import { startOfDay } from '../local-day.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'
import type { OpenConversation } from './open-conversation.ts'

/** Asks for a day of a conversation, and shows what was written from then on. @param day YYYY-MM-DD */
export function openDateDialog(conversation: OpenConversation, day?: string): void {
  const { clock, t } = reader
  const today = clock.day(new Date(clock.now()).toISOString())
  const dialog = openDialog(renderTemplate(dateTemplate, { day: day ?? today, today }))
  const input = dialog.querySelector('input') as HTMLInputElement
  const hint = dialog.querySelector('.dialog__hint') as HTMLElement
  input.addEventListener('keydown', (event) => {
    if (!isEnter(event)) return
    // Or it would press the first button, which closes.
    event.preventDefault()
    submit()
  })
  dialog.addEventListener('click', ({ target }) => {
    const { choice } = (target as HTMLElement).dataset
    if (choice === 'submit') submit()
    if (choice === 'beginning') void show(new Date(0).toISOString())
  })

  function submit(): void {
    if (input.value && input.validity.valid) return void show(startOfDay(input.value), input.value)
    hint.textContent = t('dates.wrong')
    input.focus()
  }

  async function show(at: string, wanted?: string): Promise<void> {
    dialog.close()
    try {
      const first = await conversation.showFrom(at)
      if (first === null) showNotice(t('dates.later'))
      else if (wanted && first && clock.day(first.created_at) !== wanted)
        showNotice(t('dates.none', { day: clock.longDay(first.created_at) }))
    } catch {
      showNotice(t('messages.change_failed'))
    }
  }
}
