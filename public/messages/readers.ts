import type { Message } from '../../server/contract/messages.ts'
import type { Readers } from '../../server/contract/readers.ts'
import type { User } from '../../server/contract/users.ts'
import peopleTemplate from '../../views/dialogs/people.eta'
import waitingTemplate from '../../views/search/waiting.eta'
import type { DataOf } from '../../views/templates.ts'
import { api } from '../api.ts'
import { openDialog } from '../dialog.ts'
import { failedToLoad } from '../failed.ts'
import { reader } from '../page.ts'
import { renderTemplate, toElement } from '../render.ts'

/** After which the skeleton is shown. */
const slowMs = 200

/** A sheet with those who have read a message, and those whom it has reached, asked for whenever it is opened. */
export function showReaders({ id }: Pick<Message, 'id'>): void {
  const title = reader.t('receipts.title')
  const dialog = openDialog(renderTemplate(peopleTemplate, { title, sections: [] }))
  const body = dialog.querySelector('.dialog__body') as HTMLElement
  const closing = new AbortController()

  async function load(): Promise<void> {
    const slow = setTimeout(() => {
      body.innerHTML = renderTemplate(waitingTemplate, {})
    }, slowMs)
    try {
      show(await api.readers(id, closing.signal))
    } catch {
      if (!closing.signal.aborted) body.innerHTML = failedToLoad()
    } finally {
      clearTimeout(slow)
    }
  }

  function show(readers: Readers): void {
    const whole = toElement(renderTemplate(peopleTemplate, { title, ...partsOf(readers) }))
    body.replaceChildren(...whole.querySelector('.dialog__body')!.childNodes)
  }

  dialog.addEventListener('close', () => closing.abort())
  body.addEventListener('click', ({ target }) => {
    if ((target as Element).closest('[data-search]')) void load()
  })
  void load()
}

function partsOf({ readers, delivered, waiting_count }: Readers): Omit<DataOf<'dialogs/people'>, 'title'> {
  const { t, clock } = reader
  const at = (time: string | null) => (time ? clock.moment(time) : '')
  const read = readers.map(({ user, read_at }) => person(user, at(read_at)))
  const reached = delivered.map(({ user, delivered_at }) => person(user, at(delivered_at)))
  const titled = (title: string, people: typeof read) => ({ title: `${title} · ${people.length}`, people })
  return {
    sections: [titled(t('receipts.have_read'), read), titled(t('receipts.reached'), reached)],
    ...(waiting_count > 0 && { note: t('receipts.others', { count: waiting_count }) }),
  }
}

const person = ({ id, display_name: name, avatar_url: url }: User, aside: string) => ({
  id,
  name,
  url,
  aside,
})
