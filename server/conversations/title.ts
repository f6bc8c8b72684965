import { sql } from '../db/client.ts'

/** What a conversation `c` is called: a group by its name, a 1:1 by that of `otherPerson`. */
export const title = () => sql`coalesce(c.name, other.name)`

/** The other person of a 1:1 `c` for one of its members, `me`; in notes to oneself that is oneself. */
export const otherPerson = () => sql`
  left join users other on other.id = (
    select cm.user_id from conversation_members cm where not c.is_group and cm.conversation_id = c.id
    order by cm.user_id = me.user_id limit 1)`
