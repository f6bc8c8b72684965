import { escapeText } from '../../views/escape.ts'
import { pollMark } from '../../views/polls/words.ts'
import { config } from '../config.ts'
import type { Message } from '../contract/messages.ts'
import type { PollBody } from '../contract/polls.ts'
import { sql, type Transaction } from '../db/client.ts'
import { cleanContent } from '../messages/content.ts'
import type { StoredPoll } from '../messages/polls.ts'
import { publishMessage } from '../messages/publish.ts'
import { messagesById } from '../messages/store.ts'
import { stopTyping } from '../typing/typing.ts'
import { notFound } from '../web/problem.ts'

interface Sent {
  outcome: string
  id: number
  recipients: number[]
}

/** Stores a poll, then publishes it. The same `client_id` again returns the first one. @throws Problem 404 */
export async function askPoll(
  userId: number,
  conversationId: number,
  { client_id, closes_at = null, ...asked }: PollBody,
): Promise<{ message: Message; isNew: boolean }> {
  const poll: StoredPoll = { ...asked, closes_at }
  const { sent, message } = await sql.begin(async (tx) => {
    const sent = await store(tx, userId, conversationId, poll, client_id)
    return { sent, message: (await messagesById([sent.id], tx, userId)).get(sent.id)! }
  })
  const isNew = sent.outcome === 'sent'
  if (isNew) {
    stopTyping(userId, conversationId)
    // Nobody has voted yet, so all may be told the same.
    publishMessage(message, sent.recipients)
  }
  return { message, isNew }
}

async function store(
  tx: Transaction,
  userId: number,
  conversationId: number,
  poll: StoredPoll,
  clientId: string | undefined,
): Promise<Sent> {
  const { html, text } = cleanContent(contentOf(poll))
  const [sent] = await tx<Sent[]>`
    select sent.outcome, (sent.message).id, sent.recipients
    from send_message(${conversationId}, ${userId}, ${html}, ${text}, in_client_id => ${clientId ?? null},
      in_notify_after => ${config.emailDelaySeconds}) sent`
  if (sent?.outcome === 'sent')
    await tx`update messages set poll = ${tx.json({ ...poll })} where id = ${sent.id}`
  else if (sent?.outcome !== 'repeated') throw notFound()
  return sent
}

/** For all that shows messages and knows no polls; the first line is the question. */
const contentOf = ({ question, options }: StoredPoll): string =>
  `<p>${pollMark} ${escapeText(question)}</p><ul>${options.map((text) => `<li>${escapeText(text)}</li>`).join('')}</ul>`
