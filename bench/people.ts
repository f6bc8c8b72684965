import type postgres from 'postgres'

type Sql = postgres.Sql

/** Makes users who cannot sign in with a password. @returns their ids */
export async function makeUsers(sql: Sql, count: number): Promise<number[]> {
  const rows = await sql<{ id: string }[]>`
    insert into users (email, username, name)
    select format('%s@bench', n), format('bench-%s', n), format('Osoba %s', n)
    from generate_series((select count(*) + 1 from users), (select count(*) from users) + ${count}) n
    returning id`
  return rows.map(({ id }) => Number(id))
}

/** A group of these users, the first its owner. @returns its id */
export async function makeGroup(sql: Sql, userIds: number[]): Promise<number> {
  const [id] = await makeGroups(sql, [userIds])
  return id!
}

/** Groups of users, the first of each its owner. @returns their ids */
export async function makeGroups(sql: Sql, groups: number[][]): Promise<number[]> {
  const owners = groups.map(([owner]) => owner!)
  const rows = await sql<{ id: string }[]>`
    insert into conversations (name, is_group, owner_id)
    select 'Bench', true, owner from unnest(${owners}::bigint[]) owner returning id`
  const ids = rows.map(({ id }) => Number(id))
  const members = groups.flatMap((userIds, i) =>
    userIds.map((user, n) => ({ conversation: ids[i]!, user, role: n === 0 ? 'owner' : 'member' })),
  )
  await sql`
    insert into conversation_members (conversation_id, user_id, role)
    select * from unnest(${members.map(({ conversation }) => conversation)}::bigint[],
      ${members.map(({ user }) => user)}::bigint[], ${members.map(({ role }) => role)}::text[])`
  await sql`analyze`
  return ids
}

/** 120 bytes, as in the figures this is compared with. */
export const text =
  'Zebranie przenosimy na czwartek na osiemnastą, proszę o potwierdzenie obecności do środy wieczorem. Dziękuję!'

/**
 * Messages, each an answer to the one before, with an attachment and two reactions.
 * @returns the number of rows they are made of
 */
export async function fillPage(
  sql: Sql,
  conversationId: number,
  userIds: number[],
  count: number,
): Promise<void> {
  const [one] = userIds
  await sql.begin(async (tx) => {
    await tx`
      insert into messages (conversation_id, seq, sender_id, content, content_text)
      select ${conversationId}, n, (${userIds}::bigint[])[1 + n % ${userIds.length}], ${`<p>${text}</p>`}, ${text}
      from generate_series(1, ${count}) n`
    await tx`
      update messages m set reply_to_id = before.id from messages before
      where m.conversation_id = ${conversationId} and before.conversation_id = m.conversation_id and before.seq = m.seq - 1`
    await tx`
      insert into message_reactions (message_id, user_id, emoji)
      select m.id, u, '👍' from messages m, unnest(${userIds.slice(0, 2)}::bigint[]) u
      where m.conversation_id = ${conversationId}`
    await tx`
      insert into message_attachments (new_message_id, uploader_id, filename, stored_filename, mime_type, file_size, width, height)
      select id, ${one!}, 'obraz.jpg', 'bench-' || id, 'image/jpeg', 12345, 640, 480
      from messages where conversation_id = ${conversationId}`
    await tx`
      update conversations c set seq = ${count}, last_message_id = (select max(id) from messages where conversation_id = c.id)
      where id = ${conversationId}`
  })
  await sql`analyze`
}
