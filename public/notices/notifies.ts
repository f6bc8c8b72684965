import type { Conversation } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { OwnUser } from '../../server/contract/users.ts'
import { isQuiet } from '../../views/quiet-hours.ts'

/** Whether a member is notified of a new message, by the rule of mails and pushes, unless they see it anyway. */
export function notifies(
  { kind, sender_id, is_deleted }: Pick<Message, 'kind' | 'sender_id' | 'is_deleted'>,
  { notify, is_group }: Pick<Conversation, 'notify' | 'is_group'>,
  me: Pick<OwnUser, 'id' | 'quiet_hours'>,
  isMention: boolean,
  at = new Date(),
): boolean {
  if (kind === 'system' || sender_id === me.id || is_deleted || isQuiet(me.quiet_hours, at)) return false
  return notify === 'all' || (notify === 'mentions' && is_group && isMention)
}
