import type { Message } from '../../server/contract/messages.ts'
import { isClosed, votesOf } from '../../views/polls/words.ts'
import { api } from '../api.ts'
import { Problem } from '../http.ts'
import type { Host } from '../messages/host.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import { voted } from './voted.ts'

/** What is wanted of polls whose answer is under way; the latest choice follows it. */
const wanted = new Map<number, number[]>()

/** What was stored last, and the number that the message had then: members are told of votes a little later. */
const stored = new Map<number, { chosen: number[]; seq: number }>()

/** What arrives meanwhile does not undo what was chosen. */
export function asWanted(message: Message): Message {
  const { chosen, seq } = stored.get(message.id) ?? { seq: 0 }
  const mine = wanted.get(message.id) ?? (message.seq <= seq ? chosen : undefined)
  return mine ? voted(message, mine) : message
}

/** Polls that were told of without my own votes: those shown may have been changed on another device. */
const unsure = new Set<number>()

/** To be called with each message as it was told. */
export function noteVotes({ id, poll }: Message): void {
  if (!poll || poll.my_votes || poll.voter_count === 0) unsure.delete(id)
  else unsure.add(id)
}

/** Votes, optimistically: of several options adds or removes this one, of a single choice makes it the one. */
export function vote(host: Host, message: Message, optionId: number): void {
  const { poll } = message
  if (!poll || isClosed(poll)) return
  const isMine = votesOf(poll).includes(optionId)
  if (!poll.is_multiple) {
    if (!isMine) void choose(host, message, [optionId])
  } else if (unsure.has(message.id)) void askAndChange(host, message, optionId, !isMine)
  else change(host, message, optionId, !isMine)
}

/** Of several options, adds or removes this one. */
function change(host: Host, message: Message, optionId: number, isWanted: boolean): void {
  const others = votesOf(message.poll!).filter((id) => id !== optionId)
  void choose(host, message, isWanted ? [...others, optionId] : others)
}

/** All options are sent together: what was chosen on another device is not to be replaced unknowingly. */
async function askAndChange(
  host: Host,
  { id, conversation_id }: Message,
  optionId: number,
  isWanted: boolean,
) {
  try {
    const { messages } = await api.messages(conversation_id, { around_id: id, limit: 1 })
    const found = messages.find((each) => each.id === id)
    if (!found?.poll) return
    const message = asWanted(found)
    noteVotes(message)
    host.patch(id, (known) => (known.seq > message.seq ? known : message))
    change(host, message, optionId, isWanted)
  } catch {
    showNotice(reader.t('polls.failed'))
  }
}

export const takeBack = (host: Host, message: Message) => void choose(host, message, [])

async function choose(host: Host, { id, poll }: Message, chosen: number[]): Promise<void> {
  const before = poll ? votesOf(poll) : []
  host.patch(id, (message) => voted(message, chosen))
  const isUnderWay = wanted.has(id)
  wanted.set(id, chosen)
  if (isUnderWay) return
  let kept = before
  try {
    for (let sent: number[] | undefined; sent !== wanted.get(id); ) {
      sent = wanted.get(id)!
      const { message } = await api.vote(id, sent)
      kept = sent
      stored.set(id, { chosen: sent, seq: message.seq })
      noteVotes(message)
      if (sent === wanted.get(id)) host.patch(id, (known) => (known.seq > message.seq ? known : message))
    }
  } catch (error) {
    host.patch(id, (message) => voted(message, kept))
    const isRefused = error instanceof Problem && error.status === 403
    showNotice(reader.t(isRefused ? 'polls.refused' : 'polls.failed'))
  } finally {
    wanted.delete(id)
  }
}
