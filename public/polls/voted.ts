import type { Message } from '../../server/contract/messages.ts'
import type { Poll, PollOption } from '../../server/contract/polls.ts'
import type { User } from '../../server/contract/users.ts'
import { votesOf } from '../../views/polls/words.ts'

/** A poll's message as it is once I have voted for these options, and for no other. */
export function voted(message: Message, chosen: number[], { id, display_name }: User): Message {
  const { poll } = message
  if (!poll) return message
  const before = votesOf(poll, id)
  const options = poll.options.map((option): PollOption => {
    const isChosen = chosen.includes(option.id)
    const count = option.count + Number(isChosen) - Number(before.includes(option.id))
    if (!option.voters) return { ...option, count }
    const others = option.voters.filter(({ user_id }) => user_id !== id)
    const me = { user_id: id, user_name: display_name }
    return { ...option, count, voters: isChosen ? [...others, me] : others }
  })
  const voter_count = poll.voter_count + Number(chosen.length > 0) - Number(before.length > 0)
  return { ...message, poll: { ...poll, options, my_votes: chosen, voter_count } }
}

/** An event for all members does not say what I voted for: that stays as I knew it. */
export function withKnownVotes(message: Message, known: Message): Message {
  const { poll } = message
  const mine = known.poll?.my_votes
  if (!poll || poll.my_votes || !mine) return message
  const whole: Poll = { ...poll, my_votes: mine }
  return { ...message, poll: whole }
}
