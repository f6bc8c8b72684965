import { changeMessage } from '../changes/message.ts'
import { mayReact } from '../changes/rights.ts'
import { limits } from '../contract/limits.ts'
import type { Reaction } from '../contract/reactions.ts'
import type { OwnUser } from '../contract/users.ts'
import { conflict } from '../web/problem.ts'

/** Different emoji on one message: more is a joke that slows everybody's page. */

/** Reacts to a message. The same emoji again is the first reaction again. @throws Problem 403, 404, 409 */
export const addReaction = (
  user: OwnUser,
  messageId: number,
  emoji: string,
): Promise<{ reaction: Reaction; isNew: boolean }> =>
  changeMessage(user.id, messageId, async ({ tx, message, renumber, announce }) => {
    mayReact(message)
    const mine = { user_id: user.id, user_name: user.display_name }
    const [added] = await tx<Omit<Reaction, 'user_name'>[]>`
      insert into message_reactions (message_id, user_id, emoji) values (${messageId}, ${user.id}, ${emoji})
      on conflict do nothing
      returning id, message_id, user_id, emoji, created_at`
    if (added) {
      const [kinds] = await tx<[{ count: number }]>`
        select count(distinct emoji) from message_reactions where message_id = ${messageId}`
      if (kinds.count > limits.messageReactionKinds)
        throw conflict(`A message has at most ${limits.messageReactionKinds} different reactions.`)
      announce('reaction', { message_id: messageId, ...mine, emoji, action: 'add' }, await renumber())
      return { reaction: { ...added, ...mine }, isNew: true }
    }
    const [known] = await tx<[Omit<Reaction, 'user_name'>]>`
      select id, message_id, user_id, emoji, created_at from message_reactions
      where message_id = ${messageId} and user_id = ${user.id} and emoji = ${emoji}`
    return { reaction: { ...known, ...mine }, isNew: false }
  })

/** Takes one's own reaction back; one that is not there is back already. */
export const removeReaction = (user: OwnUser, messageId: number, emoji: string): Promise<void> =>
  changeMessage(user.id, messageId, async ({ tx, renumber, announce }) => {
    const { count } = await tx`
      delete from message_reactions
      where message_id = ${messageId} and user_id = ${user.id} and emoji = ${emoji}`
    if (count === 0) return
    const reaction = { message_id: messageId, user_id: user.id, user_name: user.display_name, emoji }
    announce('reaction', { ...reaction, action: 'remove' }, await renumber())
  })
