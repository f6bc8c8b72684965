import { changeMessage } from '../changes/message.ts'
import { mayReact } from '../changes/rights.ts'
import { limits } from '../contract/limits.ts'
import type { Reaction } from '../contract/reactions.ts'
import type { OwnUser } from '../contract/users.ts'
import type { Row } from '../db/schema.ts'
import { conflict } from '../web/problem.ts'

type Stored = Row<'message_reactions', 'id' | 'message_id' | 'user_id' | 'emoji' | 'created_at'>

/** Reacts to a message. The same emoji again returns the first reaction. @throws Problem 403, 404, 409 */
export const addReaction = (
  user: OwnUser,
  messageId: number,
  emoji: string,
): Promise<{ reaction: Reaction; isNew: boolean }> =>
  changeMessage(user.id, messageId, async ({ tx, message, takeSeq, publishChange }) => {
    mayReact(message)
    const author = { user_id: user.id, user_name: user.display_name }
    const [added] = await tx<Stored[]>`
      insert into message_reactions (message_id, user_id, emoji) values (${messageId}, ${user.id}, ${emoji})
      on conflict do nothing
      returning id, message_id, user_id, emoji, created_at`
    if (added) {
      const [kinds] = await tx<[{ count: number }]>`
        select count(distinct emoji) from message_reactions where message_id = ${messageId}`
      if (kinds.count > limits.messageReactionKinds)
        throw conflict(`A message can have at most ${limits.messageReactionKinds} different reactions.`)
      publishChange('reaction', { message_id: messageId, ...author, emoji, action: 'add' }, await takeSeq())
      return { reaction: { ...added, ...author }, isNew: true }
    }
    const [known] = await tx<[Stored]>`
      select id, message_id, user_id, emoji, created_at from message_reactions
      where message_id = ${messageId} and user_id = ${user.id} and emoji = ${emoji}`
    return { reaction: { ...known, ...author }, isNew: false }
  })

/** Removes one's own reaction; does nothing when there is none. */
export const removeReaction = (user: OwnUser, messageId: number, emoji: string): Promise<void> =>
  changeMessage(user.id, messageId, async ({ tx, takeSeq, publishChange }) => {
    const { count } = await tx`
      delete from message_reactions
      where message_id = ${messageId} and user_id = ${user.id} and emoji = ${emoji}`
    if (count === 0) return
    const reaction = { message_id: messageId, user_id: user.id, user_name: user.display_name, emoji }
    publishChange('reaction', { ...reaction, action: 'remove' }, await takeSeq())
  })
