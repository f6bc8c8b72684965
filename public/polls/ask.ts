import { limits } from '../../server/contract/limits.ts'
import type { Message } from '../../server/contract/messages.ts'
import pollTemplate from '../../views/dialogs/poll.eta'
import optionTemplate from '../../views/dialogs/poll-option.eta'
import type { TextKey } from '../../views/texts/texts.ts'
import { api } from '../api.ts'
import { openDialog } from '../dialog.ts'
import { Problem } from '../http.ts'
import { isEnter } from '../keys.ts'
import { reader } from '../page.ts'
import { renderTemplate, toElement } from '../render.ts'
import { uuid } from '../uuid.ts'
import { optionsIn, read } from './form.ts'

/** A dialog that asks the members of a conversation. @param asked gets the message */
export function openPoll(conversationId: number, asked: (message: Message) => void): void {
  const dialog = openDialog(renderTemplate(pollTemplate, {}))
  const list = dialog.querySelector('.poll-options') as HTMLElement
  const error = dialog.querySelector('[role="alert"]') as HTMLElement
  const submit = dialog.querySelector('[data-action="submit"]') as HTMLButtonElement
  // The same for each attempt, so that it is asked once; what was changed meanwhile is another poll.
  let attempt = { poll: '', client_id: '' }

  const addOption = () =>
    list.append(toElement(renderTemplate(optionTemplate, { number: optionsIn(list).length + 1 })))
  for (let i = 0; i < limits.pollMinOptions; i++) addOption()

  /** The last one is always empty, as long as there may be more. */
  function growOptions(): void {
    const options = optionsIn(list)
    if (options.at(-1)?.value.trim() && options.length < limits.pollMaxOptions) addOption()
  }

  /** Says what is wrong at the field to mend, or above the buttons. */
  function refuse(text: TextKey, at: HTMLElement = submit): void {
    if (at === submit) dialog.querySelector('.dialog__foot')?.before(error)
    else {
      at.ariaInvalid = 'true'
      at.setAttribute('aria-describedby', error.id)
      ;(at.closest('.field') ?? at).after(error)
    }
    error.textContent = reader.t(text)
    error.hidden = false
    at.focus()
  }

  function accept(): void {
    error.hidden = true
    for (const field of dialog.querySelectorAll('[aria-invalid]')) {
      field.ariaInvalid = null
      field.removeAttribute('aria-describedby')
    }
  }

  async function send(): Promise<void> {
    accept()
    const poll = read(dialog)
    if ('text' in poll) return refuse(poll.text, poll.at)
    const asText = JSON.stringify(poll)
    if (attempt.poll !== asText) attempt = { poll: asText, client_id: uuid() }
    submit.disabled = true
    try {
      const { message } = await api.askPoll(conversationId, { ...poll, client_id: attempt.client_id })
      dialog.close()
      asked(message)
    } catch (problem) {
      submit.disabled = false
      const isRefused = problem instanceof Problem && !problem.isTransient
      refuse(isRefused ? 'polls.not_taken' : 'polls.ask_failed')
    }
  }

  list.addEventListener('input', growOptions)
  submit.addEventListener('click', () => void send())
  // Enter goes on to the next field, and never closes the dialog.
  dialog.addEventListener('keydown', (event) => {
    const input = event.target as HTMLInputElement
    if (!isEnter(event) || input.tagName !== 'INPUT') return
    event.preventDefault()
    const fields = [...dialog.querySelectorAll<HTMLElement>('[name="question"], [name="option"]')]
    ;(fields[fields.indexOf(input) + 1] ?? submit).focus()
  })
}
