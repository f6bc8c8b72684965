import type { Member } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import peopleTemplate from '../../views/dialogs/people.eta'
import { readersList } from '../../views/messages/receipts.ts'
import { openDialog } from '../dialog.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'

export function showReaders(message: Message, members: Member[]): void {
  const { t, clock } = reader
  const { read, waiting } = readersList(message, members, reader.me?.id)
  const person = (member: Member, aside: string) => ({
    id: member.user_id,
    name: member.display_name,
    url: member.avatar_url,
    aside,
  })
  const sections = [
    {
      title: t('receipts.have_read'),
      people: read.map((member) => person(member, clock.moment(member.last_read_at ?? ''))),
    },
    { title: t('receipts.waiting'), people: waiting.map((member) => person(member, '')) },
  ]
  openDialog(renderTemplate(peopleTemplate, { title: t('receipts.title'), sections }))
}
