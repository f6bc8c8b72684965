import type { Message } from '../../server/contract/messages.ts'
import { isClosed, votesOf } from '../../views/polls/words.ts'
import { api } from '../api.ts'
import { Problem } from '../http.ts'
import type { Host } from '../messages/host.ts'
import { showNotice } from '../notice.ts'
import { page, reader } from '../page.ts'
import { voted } from './voted.ts'

/** What is wanted of polls whose answer is under way; the latest choice follows it. */
const wanted = new Map<number, number[]>()

/** What arrives meanwhile does not undo what was chosen. */
export function asWanted(message: Message): Message {
  const chosen = wanted.get(message.id)
  return chosen ? voted(message, chosen, page.me) : message
}

/** Votes, optimistically: of several options adds or removes this one, of a single choice makes it the one. */
export function vote(host: Host, message: Message, optionId: number): void {
  const { poll } = message
  if (!poll || isClosed(poll)) return
  const mine = votesOf(poll, page.me.id)
  const isMine = mine.includes(optionId)
  if (!poll.is_multiple) {
    if (!isMine) void choose(host, message, [optionId])
  } else void choose(host, message, isMine ? mine.filter((id) => id !== optionId) : [...mine, optionId])
}

export const takeBack = (host: Host, message: Message) => void choose(host, message, [])

async function choose(host: Host, { id, poll }: Message, chosen: number[]): Promise<void> {
  const before = poll ? votesOf(poll, page.me.id) : []
  host.patch(id, (message) => voted(message, chosen, page.me))
  const isUnderWay = wanted.has(id)
  wanted.set(id, chosen)
  if (isUnderWay) return
  let stored = before
  try {
    for (let sent: number[] | undefined; sent !== wanted.get(id); ) {
      sent = wanted.get(id)!
      const { message } = await api.vote(id, sent)
      stored = sent
      if (sent === wanted.get(id)) host.patch(id, (known) => (known.seq > message.seq ? known : message))
    }
  } catch (error) {
    host.patch(id, (message) => voted(message, stored, page.me))
    const isRefused = error instanceof Problem && error.status === 403
    showNotice(reader.t(isRefused ? 'polls.refused' : 'polls.failed'))
  } finally {
    wanted.delete(id)
  }
}
