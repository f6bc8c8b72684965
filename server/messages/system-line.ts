import { lineText } from '../../views/messages/system-line.ts'
import { textsIn } from '../../views/texts/texts.ts'
import type { Change } from '../changes/conversation.ts'
import type { SystemLine } from '../contract/messages.ts'
import { paragraph } from './content.ts'
import { publishMessage } from './publish.ts'
import { messagesById } from './store.ts'

/** Adds a system line that says what happened; published after the change itself. */
export async function addSystemLine(
  { tx, conversation, transactionsOf, afterCommit }: Change,
  userId: number,
  line: SystemLine,
  recipients?: number[],
): Promise<void> {
  const text = lineText(line, textsIn('pl'))
  const [sent] = await tx<{ id: number; recipients: number[] }[]>`
    select (sent.message).id, sent.recipients
    from send_message(${conversation.id}, ${userId}, ${paragraph(text)}, ${text}, in_kind => 'system') sent`
  await tx`update messages set line = ${tx.json(line)} where id = ${sent!.id}`
  const message = (await messagesById([sent!.id], tx)).get(sent!.id)!
  afterCommit(async () =>
    publishMessage(message, recipients ?? sent!.recipients, transactionsOf(message.seq)),
  )
}
