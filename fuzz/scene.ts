import { Actor, pixel } from './actors.ts'
import type { Pool } from './pool.ts'

/** In everything of the vault: whoever asks may not see it. */
export const marker = 'tajemnica-skarbca-7d2f'

/** Those who ask, and a vault of two who never do. */
export interface Scene {
  actors: Actor[]
  /** Of the vault. */
  keepers: Actor[]
}

/** @param address the service, its database new */
export async function openScene(address: string, pool: Pool): Promise<Scene> {
  const [owner, member, removed, stranger] = await people(address, ['owner', 'member', 'removed', 'stranger'])
  const programs = [
    await new Actor(address, 'program', 'bearer').signIn(owner!.email),
    await new Actor(address, 'reader', 'bearer', 'read').signIn(member!.email),
    await new Actor(address, 'writer', 'bearer', 'write').signIn(member!.email),
  ]
  const keepers = await people(address, ['keeper', 'porter'])
  await fillVault(keepers as [Actor, Actor], removed!, pool)
  const actors = [owner!, member!, removed!, stranger!, ...programs, new Actor(address, 'guest', 'nobody')]
  await renew({ actors, keepers }, pool)
  return { actors, keepers }
}

async function people(address: string, names: string[]): Promise<Actor[]> {
  const made: Actor[] = []
  for (const name of names) made.push(await new Actor(address, name).register())
  return made
}

/** All that a member can keep, and someone who was removed: they are to see it as little as strangers. */
async function fillVault([keeper, porter]: [Actor, Actor], removed: Actor, pool: Pool): Promise<void> {
  const made = await keeper.ask('POST', '/api/conversations', {
    name: marker,
    description: marker,
    member_ids: [porter.id, removed.id],
  })
  const { id } = made.conversation
  const path = `/api/conversations/${id}`
  const first = await keeper.ask('POST', `${path}/messages`, { content: `Było: ${marker}` })
  await keeper.ask('DELETE', `${path}/members/${removed.id}`)
  const file = await keeper.upload(`${marker}.txt`, marker)
  const loose = await porter.upload(`${marker}.txt`, marker)
  const sent = await keeper.ask('POST', `${path}/messages`, {
    content: `Jest: ${marker}`,
    attachment_ids: [file],
  })
  const poll = { question: marker, options: [marker, 'nie'], is_multiple: false, is_secret: true }
  const asked = await porter.ask('POST', `${path}/polls`, poll)
  await porter.ask('PUT', `/api/messages/${asked.message.id}/votes`, { option_ids: [1] })
  const send_at = new Date(Date.now() + 5 * 24 * 3_600_000).toISOString()
  const waiting = await porter.ask('POST', `${path}/messages`, { content: marker, send_at })
  await porter.ask('PUT', `${path}/draft`, { content: marker, version: 0 })
  await porter.ask('POST', `/api/messages/${sent.message.id}/star`)
  await porter.ask('POST', `/api/messages/${sent.message.id}/pin`)
  pool.keep('conversation', id)
  for (const message of [first, sent, asked]) pool.keep('message', message.message.id)
  for (const attachment of [file, loose]) pool.keep('attachment', attachment)
  pool.keep('scheduled', waiting.scheduled.id)
}

/** A new group with something of everything in it: requests delete, leave and fill up what they find. */
export async function renew({ actors, keepers }: Scene, pool: Pool): Promise<void> {
  for (const actor of actors) await mustBeSignedIn(actor, actors)
  const [owner, member, removed] = actors as [Actor, Actor, Actor]
  const others = [member.id, removed.id]
  const made = await owner.ask('POST', '/api/conversations', { name: 'Grupa', member_ids: others })
  const { id } = made.conversation
  const path = `/api/conversations/${id}`
  await owner.ask('DELETE', `${path}/members/${removed.id}`)
  const file = await owner.upload('plik.txt', 'treść')
  for (const [who, content, more] of [
    [owner, 'Dzień dobry', { attachment_ids: [file] }],
    [member, 'Zobacz: https://example.invalid/', {}],
  ] as const)
    pool.harvest(await who.ask('POST', `${path}/messages`, { content, ...more }), '')
  const poll = { question: 'Kto?', options: ['Ja', 'Ty'], is_multiple: true, is_secret: false }
  pool.harvest(await owner.ask('POST', `${path}/polls`, poll), '')
  pool.add('conversation', id)
  pool.add('attachment', await owner.upload('drugi.txt', 'treść'))
  const picture = await owner.upload('zdjęcie.png', pixel)
  pool.harvest(await owner.ask('POST', `${path}/messages`, { content: '', attachment_ids: [picture] }), '')
  pool.add('attachment', picture)
  const send_at = new Date(Date.now() + 24 * 3_600_000).toISOString()
  await member
    .tell('POST', `${path}/messages`, { content: 'Jutro', send_at })
    .then(({ body }) => pool.harvest(body, ''))
  for (const { id } of [...actors, ...keepers]) if (id) pool.add('user', id)
}

/** Requests sign out, and end other sessions of an account. */
export async function mustBeSignedIn(actor: Actor, [owner, member]: Actor[]): Promise<void> {
  if (actor.way === 'nobody') return
  const { status } = await actor.tell('GET', '/api/users/me')
  if (status === 401) await actor.signIn(accountOf(actor, owner!, member!))
}

const accountOf = ({ name, way, email }: Actor, owner: Actor, member: Actor): string => {
  if (way !== 'bearer') return email
  return name === 'program' ? owner.email : member.email
}
