import type { Message } from '../../server/contract/messages.ts'
import peopleTemplate from '../../views/dialogs/people.eta'
import { api } from '../api.ts'
import { openDialog } from '../dialog.ts'
import type { Host } from '../messages/host.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'

/** Who voted for what in an open poll, by name. */
export async function showVoters(host: Host, { id }: Message): Promise<void> {
  const { t, locale } = reader
  const found = await api.voters(id).catch(() => undefined)
  const poll = host.find(id)?.poll
  if (!found || !poll) return showNotice(t('polls.who_failed'))
  const pictures = new Map(
    host.conversation().members?.map((member) => [member.user_id, member.avatar_url] as const),
  )
  const byName = new Intl.Collator(locale).compare
  const sections = poll.options.map(({ id, text }) => {
    const voters = found.voters.filter(({ option_ids }) => option_ids.includes(id))
    return {
      title: `${text} · ${t('polls.votes', { count: voters.length })}`,
      people: voters
        .map(({ user_id: id, user_name: name }) => ({ id, name, url: pictures.get(id), aside: '' }))
        .sort((a, b) => byName(a.name, b.name)),
    }
  })
  openDialog(renderTemplate(peopleTemplate, { title: poll.question, sections }))
}
