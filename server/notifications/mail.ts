import type { Tasks } from '../jobs/tasks.ts'
import { log } from '../log.ts'
import { mails } from '../metrics/measures.ts'
import { type Claim, claim, recordOutcome, release } from './claim.ts'
import { maxMessages, writeLetter } from './letter.ts'
import { NotDelivered, post } from './post.ts'
import { contentsOf } from './store.ts'

/**
 * Mails a member about unread messages in a conversation. Each message is in one mail only, whatever happens: it is
 * claimed before sending, and its outcome recorded afterwards. A process killed between the mail server's acceptance
 * and the record sends that one mail again, with the same Message-ID, by which the receiver recognizes it.
 *
 * @throws when the mail server did not accept it; the job is retried
 */
export async function mail({ conversation_id, user_id }: Tasks['mail']): Promise<void> {
  for (;;) {
    const claimed = await claim(conversation_id, user_id)
    if (!claimed) return
    await send(claimed)
  }
}

async function send(claimed: Claim): Promise<void> {
  const contents = await contentsOf(claimed, maxMessages)
  try {
    const { outcome, answer } = await post(writeLetter(contents, claimed.letterId))
    mails[outcome].value++
    await recordOutcome(claimed, outcome, answer)
    const { conversationId, userId } = claimed
    log.debug({ conversationId, userId, outcome, messages: contents.count }, 'mail')
  } catch (error) {
    // An earlier attempt without an answer may have arrived, however clearly this one fails.
    if (error instanceof NotDelivered && !claimed.isRepeated) await release(claimed, error.message)
    throw error
  }
}
