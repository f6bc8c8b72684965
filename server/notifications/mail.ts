import type { Tasks } from '../jobs/tasks.ts'
import { log } from '../log.ts'
import { maxMessages, writeLetter } from './letter.ts'
import { NotDelivered, post } from './post.ts'
import { type Claim, claim, contentsOf, release, settle } from './store.ts'

/**
 * Mails a member about what they have not read in a conversation. Each message is in one mail only, whatever happens in
 * between: it is claimed before, and settled after. A process that is killed between the mail server's "accepted" and
 * our noting it sends that one mail again, with the same Message-ID, by which the receiver knows it.
 *
 * @throws when the mail server did not take it; the job is tried again
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
    await settle(claimed, outcome, answer)
    const { conversationId, userId } = claimed
    log.debug({ conversationId, userId, outcome, messages: contents.count }, 'mail')
  } catch (error) {
    // What was tried before without an answer stays as it was, however clearly it fails now.
    if (error instanceof NotDelivered && !claimed.isRepeated) await release(claimed, error.message)
    throw error
  }
}
