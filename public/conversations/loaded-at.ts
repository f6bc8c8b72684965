import { element, reader } from '../page.ts'

/** Shows how old the offline copy on screen is; hidden without an argument. */
export function showLoadedAt(at: string | undefined): void {
  const note = element('kept')
  note.hidden = !at
  note.textContent = at ? reader.t('conversations.kept', { when: reader.clock.moment(at) }) : ''
}
