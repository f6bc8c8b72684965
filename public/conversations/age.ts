import { element, reader } from '../page.ts'

/** Says when the open conversation was loaded, while it cannot be loaded afresh. */
export function showAge(at: string | undefined): void {
  const note = element('kept')
  note.hidden = !at
  note.textContent = at ? reader.t('conversations.kept', { when: reader.clock.moment(at) }) : ''
}
