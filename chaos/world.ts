import { hashPassword } from '../server/accounts/password.ts'
import { Client } from './client.ts'
import type { Random } from './random.ts'
import type { Installation } from './rig.ts'

const password = 'chaos, chaos'

export interface Member {
  id: number
  client: Client
}

export interface Size {
  members: number
  conversations: number
  messages: number
}

export interface Talk {
  id: number
  isGroup: boolean
  members: Member[]
}

export interface World {
  members: Member[]
  talks: Talk[]
}

/** Members who are signed in, with conversations of all sizes among them, made over the API. */
export async function makeWorld(place: Installation, random: Random, size: Size) {
  const members = await insertMembers(place, size.members)
  // As many at a time as a worker hashes passwords.
  for (let at = 0; at < members.length; at += 4) await Promise.all(members.slice(at, at + 4).map(signIn))
  const talks: Talk[] = []
  for (let nr = 0; nr < size.conversations; nr++)
    talks.push(await openTalk(company(members, random, nr), `${place.name} ${nr}`))
  return { members, talks } satisfies World
}

const emailOf = (nr: number) => `member${nr}@example.org`

/** The database is new: their ids are 1 and so on. */
async function insertMembers({ sql, address }: Installation, count: number): Promise<Member[]> {
  const hash = await hashPassword(password)
  const ids = Array.from({ length: count }, (_, i) => i + 1)
  for (const id of ids)
    await sql()`
      insert into users (email, username, name, password_hash)
      values (${emailOf(id)}, ${`member${id}`}, ${`Member ${id}`}, ${hash})`
  return ids.map((id) => ({ id, client: new Client(address) }))
}

async function signIn({ id, client }: Member): Promise<void> {
  const { status } = await client.ask('POST', '/api/auth/login', { email: emailOf(id), password })
  if (status !== 200) throw new Error(`a member cannot sign in: ${status}`)
}

/** All members are in the first; every third is a 1:1; the others are groups of 3 to 15. */
function company(members: Member[], random: Random, nr: number): Member[] {
  if (nr === 0) return members
  const count = nr % 3 === 1 ? 2 : 3 + random.below(13)
  return random.shuffle(members).slice(0, count)
}

async function openTalk(members: Member[], name: string): Promise<Talk> {
  const [first, ...others] = members as [Member, ...Member[]]
  const isGroup = members.length > 2
  const wanted = isGroup ? { name, member_ids: others.map(({ id }) => id) } : { user_id: others[0]!.id }
  const { status, body } = await first.client.ask('POST', '/api/conversations', wanted)
  if (status >= 300) throw new Error(`a conversation cannot be opened: ${status}`)
  return { id: body.conversation.id, isGroup, members }
}
