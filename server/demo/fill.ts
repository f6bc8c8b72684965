import { insertUser } from '../accounts/insert.ts'
import { hashPassword } from '../accounts/password.ts'
import { findActiveUser } from '../accounts/store.ts'
import { createGroup, openDirect } from '../conversations/create.ts'
import { closeDatabase, openDatabase, sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { cleanContent } from '../messages/content.ts'
import { insertMessage } from '../messages/insert.ts'
import { cast, type Name, names, password } from './cast.ts'
import { type DemoConversation, demoConversations } from './conversations.ts'
import { demoProfiles } from './profiles.ts'

type People = Record<Name, number>

/**
 * Fills an empty database with demo members and conversations. A database that has been used is left as it is.
 * @returns whether the demo members exist
 */
export async function fillDemo(databaseUrl: string): Promise<boolean> {
  await openDatabase(databaseUrl)
  try {
    if (await isEmpty()) await fill()
    return await hasDemo()
  } finally {
    await closeDatabase()
  }
}

/** An interrupted demo has members but no conversations, and is completed. */
async function isEmpty(): Promise<boolean> {
  const [found] = await sql`
    select from users where email <> all(${names.map((name) => cast[name].email)}) limit 1`
  const [talked] = await sql`select from conversations limit 1`
  return !found && !talked
}

async function hasDemo(): Promise<boolean> {
  const [anna] = await sql<Row<'users', 'id'>[]>`select id from users where email = ${cast.anna.email}`
  return anna !== undefined && (await findActiveUser(anna.id)) !== undefined
}

async function fill(): Promise<void> {
  const people = await addCast(await hashPassword(password))
  for (const name of names) await sql`update users set ${sql(demoProfiles[name])} where id = ${people[name]}`
  for (const conversation of demoConversations) await hold(conversation, people)
}

/** Creates the demo members, each with the demo password, of which this is the hash. @returns their ids */
export async function addCast(password_hash: string): Promise<People> {
  const people = {} as People
  for (const name of names) people[name] = await addMember({ ...cast[name], password_hash })
  return people
}

async function addMember(member: Parameters<typeof insertUser>[0]): Promise<number> {
  const [known] = await sql<Row<'users', 'id'>[]>`select id from users where email = ${member.email}`
  return known?.id ?? (await insertUser(member)).id
}

async function hold({ name, members, unread = {}, lines }: DemoConversation, people: People): Promise<void> {
  const [first, ...others] = members.map((member) => people[member]) as [number, ...number[]]
  const { conversation } = name
    ? await createGroup(first, { name, member_ids: others })
    : await openDirect(first, others[0] ?? first)
  const ids: number[] = []
  for (const [who, minutes, content] of lines)
    ids.push(await say(conversation.id, people[who], minutes, content))
  for (const member of members)
    await readUntil(conversation.id, people[member], ids.at(-1 - (unread[member] ?? 0)))
}

/** Sends a message the usual way, then sets its time back. */
async function say(
  conversationId: number,
  senderId: number,
  minutesAgo: number,
  html: string,
): Promise<number> {
  const { html: content, text: contentText } = cleanContent(html)
  const sent = await insertMessage({
    conversationId,
    senderId,
    content,
    contentText,
    isQuiet: true,
  })
  if (sent.outcome !== 'sent') throw new Error(`the demo cannot be filled: ${sent.outcome}`)
  await sql`
    with moved as (
      update messages set created_at = now() - ${minutesAgo} * interval '1 minute'
      where id = ${sent.message.id} returning conversation_id, created_at
    )
    update conversations c set updated_at = moved.created_at, created_at = least(c.created_at, moved.created_at)
    from moved where c.id = moved.conversation_id`
  return sent.message.id
}

async function readUntil(
  conversationId: number,
  userId: number,
  messageId: number | undefined,
): Promise<void> {
  if (messageId === undefined) return
  await sql`
    update conversation_members cm
    set last_read_message_id = m.id, last_read_at = m.created_at, last_delivered_message_id = m.id,
        last_delivered_at = m.created_at, joined_at = least(cm.joined_at, m.created_at)
    from messages m
    where m.id = ${messageId} and cm.conversation_id = ${conversationId} and cm.user_id = ${userId}`
}
