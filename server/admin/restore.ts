import { sql } from '../db/client.ts'
import { Stop, usageError } from '../terminal/stop.ts'
import type { Command } from './command.ts'
import { print, printTable } from './print.ts'

interface Deleted {
  id: number
  name: string
  members: number
  deleted_at: string
  is_restorable: boolean
}

/** Restores a deleted group for all its members, whose open pages show it within seconds. */
export const restoreConversation: Command = {
  summary: 'restore a group that was deleted in the last 30 days',
  help: [['--id NUMBER', 'which group; without it, lists those that can be restored']],
  options: { id: { type: 'string' } },
  async run({ id }) {
    if (id === undefined) return list()
    if (!/^[1-9]\d{0,14}$/.test(String(id))) throw usageError('--id must be a number')
    const [found] = await deleted(Number(id))
    if (!found) throw new Stop(`there is no deleted conversation ${id}`)
    if (!found.is_restorable)
      throw new Stop(
        `conversation ${id} was deleted on ${found.deleted_at.slice(0, 10)}, more than 30 days ago`,
      )
    await sql`
      update conversations set deleted_at = null, seq = seq + 1, xid = pg_current_xact_id()
      where id = ${found.id} and deleted_at is not null`
    print(`“${found.name}” is restored for its ${found.members} members.`)
    return 0
  },
}

const deleted = (id: number | null) => sql<Deleted[]>`
  select c.id, c.name, c.deleted_at, c.deleted_at > now() - interval '30 days' as is_restorable,
    (select count(*) from conversation_members cm where cm.conversation_id = c.id) as members
  from conversations c
  where c.deleted_at is not null and (${id}::bigint is null or c.id = ${id})
  order by c.deleted_at desc`

async function list(): Promise<number> {
  const rows = (await deleted(null)).filter(({ is_restorable }) => is_restorable)
  if (rows.length === 0) print('No conversation was deleted in the last 30 days.')
  else
    printTable([
      ['ID', 'DELETED', 'MEMBERS', 'NAME'],
      ...rows.map(({ id, deleted_at, members, name }) => [
        `${id}`,
        deleted_at.slice(0, 16).replace('T', ' '),
        `${members}`,
        name,
      ]),
    ])
  return 0
}
