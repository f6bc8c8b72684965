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

/** Votes, optimistically: of several options adds or removes this one, of a single choice makes it the one. */
export function vote(host: Host, message: Message, optionId: number): void {
  const { poll } = message
  if (!poll || isClosed(poll)) return
  const mine = votesOf(poll)
  const isMine = mine.includes(optionId)
  if (!poll.is_multiple) {
    if (!isMine) void choose(host, message, [optionId])
  } else void choose(host, message, isMine ? mine.filter((id) => id !== optionId) : [...mine, optionId])
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
