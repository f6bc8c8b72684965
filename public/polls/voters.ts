import type { Member } from '../../server/contract/conversations.ts'
import type { Poll } from '../../server/contract/polls.ts'
import peopleTemplate from '../../views/dialogs/people.eta'
import { openDialog } from '../dialog.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'

/** Who voted for what in an open poll, by name. */
export function showVoters({ question, options }: Poll, members: Member[]): void {
  const { t, locale } = reader
  const pictures = new Map(members.map((member) => [member.user_id, member.avatar_url]))
  const byName = new Intl.Collator(locale).compare
  const sections = options.map(({ text, count, voters = [] }) => ({
    title: titleOf(`${text} · ${t('polls.votes', { count })}`, count, voters.length),
    people: voters
      .map(({ user_id: id, user_name: name }) => ({ id, name, url: pictures.get(id), aside: '' }))
      .sort((a, b) => byName(a.name, b.name)),
  }))
  openDialog(renderTemplate(peopleTemplate, { title: question, sections }))
}

/** Of very many, not all are named. */
const titleOf = (answer: string, count: number, shown: number) =>
  count > shown ? reader.t('polls.some_named', { answer, shown }) : answer
