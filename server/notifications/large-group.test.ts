import { expect, test } from 'vitest'
import { freshDatabase } from '../testing/postgres.ts'
import { startService } from '../testing/service.ts'
import { MailServer } from '../testing/smtp.ts'

/** More than one batch. */
const memberCount = 250
const server = await MailServer.start()
const { anna, bartek } = await startService({
  DATABASE_URL: await freshDatabase(),
  SMTP_URL: server.url,
  EMAIL_DELAY_SECONDS: '600',
})
const { sql } = await import('../db/client.ts')
const { workOff } = await import('../testing/jobs.ts')
const { decide } = await import('./decide.ts')
const { claim } = await import('./claim.ts')
const { mail } = await import('./mail.ts')
const { whyNotified } = await import('./why.ts')

/** A group of Anna, Bartek and many more. */
async function largeGroup(): Promise<number> {
  const body = { name: 'Wszyscy', member_ids: [bartek.id] }
  const { id } = (await anna.post('/api/conversations', body)).body.conversation
  await sql`
    with added as (
      insert into users (email, username, name)
      select concat('c', ${id}::bigint, 'nr', n, '@example.org'), concat('c', ${id}::bigint, 'nr', n), concat('Członek ', n)
      from generate_series(3, ${memberCount}::bigint) n returning id
    )
    insert into conversation_members (conversation_id, user_id) select ${id}, id from added`
  return id
}

const rangesOf = (id: number) => sql<
  { user_id: number; outcome: string; from_id: number; until_id: number }[]
>`
  select user_id, outcome, from_id, until_id from notification_ranges where conversation_id = ${id} order by user_id`
/** Statements that wait for a lock. */
const waiting = async () =>
  (
    await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  ).length
const isArmed = async (id: number) =>
  (await sql`select from conversations where id = ${id} and notify_from_id is not null`).length > 0

test('a large group costs a row for each member, and is decided on while a sender locks the conversation', async () => {
  const id = await largeGroup()
  const texts = Array.from({ length: 30 }, (_, i) => `punkt ${i + 1}`)
  for (const text of texts) await anna.say(id, text)
  let decided: Promise<void> | undefined
  await sql.begin(async (tx) => {
    await tx`select from conversations where id = ${id} for no key update`
    decided = decide({ conversation_id: id })
    await expect.poll(async () => (await rangesOf(id)).length).toBe(memberCount)
  })
  await decided
  expect(await isArmed(id)).toBe(false)
  const ranges = await rangesOf(id)
  expect(ranges.filter(({ outcome }) => outcome === 'due')).toHaveLength(memberCount - 1)
  expect(ranges.filter(({ outcome }) => outcome === 'nothing').map(({ user_id }) => user_id)).toEqual([
    anna.id,
  ])

  await workOff({ notify: decide, mail })
  expect(server.mails).toHaveLength(memberCount - 1)
  expect(new Set(server.mails.map(({ to }) => to.join())).size).toBe(memberCount - 1)
  server.mails.length = 0
})

test('a message sent during the decision is mailed too, once', async () => {
  const id = await largeGroup()
  await anna.say(id, 'przed')
  let decided: Promise<void> | undefined
  await sql.begin(async (tx) => {
    await tx`select from conversations where id = ${id} for no key update`
    decided = decide({ conversation_id: id })
    await expect.poll(async () => (await rangesOf(id)).length).toBe(memberCount)
    await tx`select from send_message(${id}, ${anna.id}, '<p>w trakcie</p>', 'w trakcie', in_notify_after => 600)`
  })
  await decided
  expect(await isArmed(id)).toBe(true)
  await workOff({ notify: decide, mail })
  expect(await isArmed(id)).toBe(false)
  for (const text of ['przed', 'w trakcie'])
    expect(server.mails.filter((letter) => letter.text.includes(text))).toHaveLength(memberCount - 1)
  server.mails.length = 0
})

test('two concurrent decisions with a mail between them mail no message twice', async () => {
  const { id } = (await anna.post('/api/conversations', { name: 'Zarząd', member_ids: [bartek.id] })).body
    .conversation
  const { id: first } = await bartek.say(id, 'pierwsza')
  await decide({ conversation_id: id })
  const { id: second } = await bartek.say(id, 'druga')
  const steps: Promise<unknown>[] = []
  await sql.begin(async (tx) => {
    await tx`select from notification_ranges where conversation_id = ${id} for update`
    const start = async (step: () => Promise<unknown>) => {
      steps.push(step())
      await expect.poll(waiting).toBe(steps.length)
    }
    await start(() => decide({ conversation_id: id }))
    await start(() => claim(id, anna.id))
    await start(() => decide({ conversation_id: id }))
  })
  await Promise.all(steps)
  expect(await rangesOf(id)).toMatchObject([
    { user_id: anna.id, outcome: 'sending', from_id: first, until_id: second },
    { user_id: bartek.id, outcome: 'nothing' },
  ])
  await sql`delete from rozmowa_jobs._private_jobs`
})

test('an interrupted decision continues with the members who have none, and mails no one twice', async () => {
  const id = await largeGroup()
  const { id: first } = await anna.say(id, 'pierwsza')
  await decide({ conversation_id: id })
  await sql`delete from notification_ranges where conversation_id = ${id} and user_id in (
    select user_id from conversation_members where conversation_id = ${id} order by user_id desc limit 100)`
  await sql`update conversations set notify_from_id = ${first} where id = ${id}`
  const { id: second } = await anna.say(id, 'druga')
  await decide({ conversation_id: id })
  const ranges = await rangesOf(id)
  expect(ranges).toHaveLength(memberCount)
  for (const range of ranges) expect(range).toMatchObject({ from_id: first, until_id: second })
  const mailJobs = await sql`select from rozmowa_jobs.jobs where task_identifier = 'mail'`
  expect(mailJobs).toHaveLength(memberCount - 1)
  await sql`delete from rozmowa_jobs._private_jobs`
})

test('a member who has muted a busy group costs one row, however many decisions there are', async () => {
  const id = await anna.talkTo(bartek)
  await bartek.patch(`/api/conversations/${id}/settings`, { is_muted: true })
  const ids: number[] = []
  for (const text of ['raz', 'dwa', 'trzy']) {
    ids.push((await anna.say(id, text)).id)
    await workOff({ notify: decide, mail })
  }
  expect((await rangesOf(id)).filter(({ user_id }) => user_id === bartek.id)).toMatchObject([
    { outcome: 'muted', from_id: ids[0], until_id: ids[2] },
  ])
  for (const messageId of ids) expect((await whyNotified(messageId, bartek.id)).outcome).toBe('muted')
})
