import type { Message } from '../../server/contract/messages.ts'
import { votesOf } from '../../views/polls/words.ts'

/** A poll's message as it is once I have voted for these options, and for no other. */
export function voted(message: Message, chosen: number[]): Message {
  const { poll } = message
  if (!poll) return message
  const before = votesOf(poll)
  const options = poll.options.map((option) => ({
    ...option,
    count: option.count + Number(chosen.includes(option.id)) - Number(before.includes(option.id)),
  }))
  const voter_count = poll.voter_count + Number(chosen.length > 0) - Number(before.length > 0)
  return { ...message, poll: { ...poll, options, my_votes: chosen, voter_count } }
}
