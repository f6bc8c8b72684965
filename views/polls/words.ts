import type { Message } from '../../server/contract/messages.ts'
import type { Poll, PollOption } from '../../server/contract/polls.ts'
import type { Reader } from '../reader.ts'

/** Begins what stands for a poll in one line. */
export const pollMark = '📊'

export const isClosed = ({ closes_at }: Poll, now = Date.now()): boolean =>
  closes_at !== null && Date.parse(closes_at) <= now

/** The options that I voted for. */
export const votesOf = ({ my_votes = [] }: Poll): number[] => my_votes

interface ShownOption extends PollOption {
  mine: boolean
  /** Of those who voted, 0–100. */
  share: number
}

export function shownOptions(poll: Poll): ShownOption[] {
  const mine = new Set(votesOf(poll))
  return poll.options.map((option) => ({
    ...option,
    mine: mine.has(option.id),
    share: Math.round((100 * option.count) / Math.max(poll.voter_count, 1)),
  }))
}

/** How to answer, and until when. */
export function pollTerms(poll: Poll, { t, clock }: Reader): string {
  const { is_multiple, is_secret, closes_at } = poll
  const closed = isClosed(poll, clock.now())
  return [
    closed && t('polls.closed'),
    !closed && t(is_multiple ? 'polls.many' : 'polls.one'),
    is_secret && t('polls.secret'),
    !closed && closes_at && t('polls.until', { when: clock.moment(closes_at) }),
  ]
    .filter(Boolean)
    .join(' · ')
}

export const pollTotal = ({ is_multiple, voter_count: count }: Poll, { t }: Pick<Reader, 't'>): string =>
  t(is_multiple ? 'polls.voters' : 'polls.votes', { count })

/** The poll in a message, unless it was deleted. */
export const pollOf = ({ poll, is_deleted }: Message): Poll | undefined => (is_deleted ? undefined : poll)
