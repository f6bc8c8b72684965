import type { Member } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import peopleTemplate from '../../views/dialogs/people.eta'
import { openDialog } from '../dialog.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'

export function showWhoReacted(message: Message, members: Member[]): void {
  const pictures = new Map(members.map((member) => [member.user_id, member.avatar_url]))
  const sections = [...Map.groupBy(message.reactions, (reaction) => reaction.emoji)].map(
    ([emoji, given]) => ({
      title: `${emoji} ${given.length}`,
      people: given.map(({ user_id: id, user_name: name }) => ({
        id,
        name,
        url: pictures.get(id),
        aside: '',
      })),
    }),
  )
  openDialog(renderTemplate(peopleTemplate, { title: reader.t('reactions.title'), sections }))
}
