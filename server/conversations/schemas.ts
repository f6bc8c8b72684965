import { z } from 'zod'
import { tidyLines } from '../../views/people/names.ts'
import { idNumber, idText, limit, line, searched, text } from '../web/params.ts'
import { listCursorText } from './cursor.ts'
import { mostMembers } from './rights.ts'

/** May have several lines; empty, it is none. */
const description = text.transform((value) => tidyLines(value) || null).pipe(z.string().max(2000).nullable())

export const ListQuery = z.object({
  limit: limit(30),
  cursor: listCursorText.optional(),
  filter: z.enum(['all', 'unread', 'groups', 'archived', 'any']).default('all'),
  /** A piece of the title. */
  query: searched.optional(),
})

export const NewDirect = z.object({ user_id: idNumber })
export const NewGroup = z.object({
  name: line(255),
  description: description.optional(),
  member_ids: z
    .array(idNumber)
    .min(1)
    .max(mostMembers - 1),
})
export const NewConversation = z.union([NewDirect, NewGroup], {
  error: 'must be {user_id} or {name, member_ids}',
})

export const ConversationPatch = z.object({
  name: line(255).optional(),
  description: description.nullable().optional(),
})
export const OwnSettings = z.object({ is_muted: z.boolean().optional(), is_archived: z.boolean().optional() })
export const NewMembers = z.object({
  user_ids: z
    .array(idNumber)
    .min(1)
    .max(mostMembers - 1),
})
export const MemberPath = z.object({ id: idText, user_id: idText })
