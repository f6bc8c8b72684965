import { expect, test } from 'vitest'
import { applyMissing } from '../db/migrations.ts'
import { portalWith } from '../testing/portal.ts'
import { type Person, startService } from '../testing/service.ts'

const portal = await portalWith('sample')
await applyMissing(portal.url)
const { guest, anna } = await startService({ DATABASE_URL: portal.url })
const { run } = await import('./run.ts')
const { Progress } = await import('./progress.ts')
const moveAgain = () =>
  run(
    { databaseUrl: portal.url, dryRun: false, undo: false, uploads: undefined },
    new Progress({ write: () => {} }),
  )

const password = 'haslo-z-portalu'

async function signIn(email: string): Promise<Person> {
  const person = guest()
  const answer = await person.post('/api/auth/login', { email, password })
  expect(answer.status).toBe(200)
  return person
}

const hashOf = async (id: number) =>
  (await portal.ask(`select password_hash from users where id = ${id}`))[0].password_hash

test.each([
  [1, 'jan.kowalski@firma.example', /^scrypt:/],
  [2, 'maria.nowak@FIRMA.example', /^pbkdf2:/],
])('member %i signs in with the old password, then with a new hash of it', async (id, email, format) => {
  expect((await guest().post('/api/auth/login', { email, password: 'nie to' })).status).toBe(401)
  expect(await hashOf(id)).toMatch(format)
  await signIn(email)
  expect(await hashOf(id)).toMatch(/^\$argon2id\$/)
  await signIn(email)
})

test('whoever was deactivated stays out, also with the right password', async () => {
  const answer = await guest().post('/api/auth/login', { email: 'odszedl@firma.example', password })
  expect(answer.status).toBe(401)
  expect(await hashOf(5)).toMatch(/^pbkdf2:/)
})

test('an unknown e-mail takes as long as that of some member, always of the same', async () => {
  await portal.ask(`insert into users (email, password_hash)
    select 'stary' || n || '@firma.example', (select password_hash from users where id = 5) from generate_series(1, 300) n`)
  const time = async (email: string) => {
    const start = performance.now()
    await guest().post('/api/auth/login', { email, password: 'nie to' })
    return performance.now() - start
  }
  const fastest = async (email: string) => Math.min(await time(email), await time(email), await time(email))
  expect((await fastest('nikt@firma.example')) / (await fastest('stary7@firma.example'))).toBeGreaterThan(0.5)
})

test('what is moved while the service runs comes to whoever is there, and opens as any conversation', async () => {
  const maria = await signIn('maria.nowak@firma.example')
  const stream = await maria.listen()
  const bystander = await anna.listen()
  expect(await moveAgain()).toMatchObject({ outcome: 'moved', reasons: [] })
  const update = await stream.hear(
    'conversation_updated',
    ({ conversation }) => conversation.name === 'Komisja rewizyjna',
  )
  expect(update.conversation).toMatchObject({
    seq: 4,
    is_muted: true,
    role: 'member',
    member_count: 3,
    unread_count: 3,
  })
  await stream.hear('conversation_updated', ({ conversation }) => conversation.title === 'Jan Kowalski')

  const { conversations } = (await maria.get('/api/conversations')).body
  expect(conversations.map((each) => each.title)).toEqual([
    'Komisja rewizyjna',
    'Łukasz Żółć',
    'Jan Kowalski',
    'Pusta grupa',
  ])
  const withJan = conversations[2]
  expect(withJan!.unread_count).toBe(2)
  const { messages } = (await maria.get(`/api/conversations/${withJan!.id}/messages`)).body
  expect(messages.map((message) => message.seq)).toEqual([1, 2, 3, 4])
  expect(messages[0]!.attachments).toMatchObject([{ filename: 'porządek obrad.pdf', size_bytes: 10_240 }])
  expect(messages[2]!.reply_to).toMatchObject({ id: messages[1]!.id, excerpt: 'Tak, czwartek pasuje.' })

  const answer = await maria.say(withJan!.id, 'Odpowiadam już tutaj', { reply_to_id: messages[3]!.id })
  expect(answer.seq).toBe(5)
  await stream.hear('new_message', ({ message }) => message.id === answer.id)
  expect(bystander.raw).not.toContain('Komisja')
  stream.close()
  bystander.close()
})

test('what a second run adds comes to those who have the conversation open', async () => {
  const jan = await signIn('jan.kowalski@firma.example')
  const stream = await jan.listen()
  await portal.ask(
    "insert into private_messages (sender_id, recipient_id, content) values (5, 1, 'jeszcze z portalu')",
  )
  expect(await moveAgain()).toMatchObject({ outcome: 'moved', figures: { private_messages: 1 } })
  const { message, seq } = await stream.hear('new_message')
  expect([message.content_text, seq]).toEqual(['jeszcze z portalu', 2])
  stream.close()
})
