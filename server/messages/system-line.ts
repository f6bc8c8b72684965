import type { Change } from '../conversations/change.ts'
import { paragraph } from './content.ts'
import { announceMessage } from './send.ts'
import { messagesById } from './store.ts'

/** Writes what happened into the conversation, as a line of nobody's own; told after the change it tells of. */
export async function addSystemLine(
  { tx, conversation, afterwards }: Change,
  userId: number,
  text: string,
  recipients?: number[],
): Promise<void> {
  const [sent] = await tx<{ id: number; recipients: number[] }[]>`
    select (sent.message).id, sent.recipients
    from send_message(${conversation.id}, ${userId}, ${paragraph(text)}, ${text}, in_kind => 'system') sent`
  const message = (await messagesById([sent!.id], tx)).get(sent!.id)!
  afterwards(async () => announceMessage(message, recipients ?? sent!.recipients))
}
