import { z } from 'zod'
import { idNumber, limit, line, text } from '../web/params.ts'
import { cursorText } from './cursor.ts'

/** Members of a group, its owner among them. */
const mostMembers = 1000

export const ListQuery = z.object({
  limit: limit(30),
  cursor: cursorText.optional(),
  filter: z.enum(['all', 'unread', 'groups', 'archived']).default('all'),
})

export const NewDirect = z.object({ user_id: idNumber })
export const NewGroup = z.object({
  name: line(255),
  description: text.pipe(z.string().max(2000)).optional(),
  member_ids: z
    .array(idNumber)
    .min(1)
    .max(mostMembers - 1),
})
export const NewConversation = z.union([NewDirect, NewGroup], {
  error: 'must be {user_id} or {name, member_ids}',
})
