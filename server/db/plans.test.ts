import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startService } from '../testing/service.ts'

const { anna, bartek } = await startService()
const { sql } = await import('./client.ts')
const { sendScheduled } = await import('../scheduled/send.ts')

/** All that grow with use; the poll reads `conversations`, an index of whose `xid` would cost each send more. */
const tables = [
  'messages',
  'conversation_members',
  'message_reactions',
  'message_attachments',
  'message_pins',
  'poll_votes',
  'poll_publications',
  'message_mentions',
  'message_stars',
  'message_vocabulary',
  'conversation_drafts',
  'scheduled_messages',
  'scheduled_attachments',
]

/** Rows that were read by reading a whole table, of those that have any. */
async function rowsOfWholeTables(): Promise<Record<string, number>> {
  // Each connection reports what it read a second after it did.
  await sleep(1500)
  const rows = await sql<{ name: string; rows: number }[]>`
    select relname::text as name, seq_tup_read as rows from pg_stat_user_tables
    where relname::text = any(${tables}::text[]) and seq_tup_read > 0`
  return Object.fromEntries(rows.map(({ name, rows }) => [name, rows]))
}

test('plans that were made on empty tables read no table whole once it is full', async () => {
  const id = await anna.talkTo(bartek)
  const act = async () => {
    const first = await anna.say(id, 'pierwsza')
    await bartek.post(`/api/conversations/${id}/messages`, { content: 'odpowiedź', reply_to_id: first.id })
    await bartek.post(`/api/messages/${first.id}/reactions`, { emoji: '👍' })
    await bartek.post(`/api/conversations/${id}/read`)
    await anna.patch(`/api/messages/${first.id}`, { content: 'poprawiona' })
    const mention = `<span class="mention" data-user-id="${bartek.id}">@Bartek</span>`
    const second = await anna.say(id, `<p>${mention}</p>`)
    await anna.patch(`/api/messages/${second.id}`, { content: 'nikt' })
    await anna.patch(`/api/messages/${second.id}`, { content: `<p>${mention}</p>` })
    await anna.post(`/api/messages/${first.id}/pin`)
    const options = ['Tak', 'Nie']
    const poll = { question: 'Kto?', options, is_multiple: false, is_secret: false }
    const asked = await anna.post(`/api/conversations/${id}/polls`, poll)
    await bartek.put(`/api/messages/${asked.body.message.id}/votes`, { option_ids: [1] })
    await bartek.post(`/api/messages/${first.id}/star`)
    await bartek.get('/api/messages/starred')
    await bartek.post(`/api/conversations/${id}/unread`, { message_id: first.id })
    await bartek.post(`/api/conversations/${id}/unread`)
    await anna.get(`/api/messages/${first.id}/readers`)
    const draft = `/api/conversations/${id}/draft` as const
    const { version } = (await anna.get(draft)).body
    await anna.put(draft, { content: 'szkic', reply_to_id: first.id, version })
    await anna.get('/api/drafts')
    await anna.say(id, 'szkic')
    await anna.delete(draft)
    const send_at = new Date(Date.now() + 86_400_000).toISOString()
    const later = await anna.post(`/api/conversations/${id}/messages` as string, { content: 'x', send_at })
    const scheduled = `/api/messages/scheduled/${later.body.scheduled.id}` as const
    await anna.patch(scheduled, { content: 'y', send_at })
    await anna.get('/api/messages/scheduled')
    await sendScheduled({ scheduled_id: later.body.scheduled.id })
    await anna.delete(scheduled)
    await anna.get('/api/conversations')
    await anna.get(`/api/conversations/${id}/messages`)
    await anna.get(`/api/conversations/${id}/messages?around_id=${first.id}`)
    await anna.get(`/api/conversations/${id}/changes?after_seq=1&stars_from_id=${first.id}`)
    await anna.get(`/api/conversations/${id}/pins`)
    for (const kind of ['images', 'files', 'links'])
      for (const more of ['', `&cursor=${Buffer.from(`[${first.id},1]`).toString('base64url')}`])
        await anna.get(`/api/conversations/${id}/files?kind=${kind}${more}`)
    await anna.request('GET', `/wiadomosci/osoby/${bartek.id}`, { headers: { accept: 'text/html' } })
    await anna.get('/api/search?q=pierwsza')
    await anna.get(
      `/api/search?q=nigdzie&conversation_id=${id}&sender_id=${anna.id}&since=2020-01-01T00:00:00Z`,
    )
  }
  // Often enough for every connection to have its plans.
  for (let times = 0; times < 3; times++) await act()
  await sql`
    insert into messages (conversation_id, seq, sender_id, content, content_text)
    select c.id, c.seq + n, ${anna.id}, '<p>x</p>', 'x'
    from conversations c, generate_series(1, 3000) n where c.id = ${id}`
  await sql`
    insert into poll_votes (message_id, user_id, option_ids)
    select m.id, u.id, '{1}' from messages m, users u where m.conversation_id = ${id} limit 3000`
  await sql`
    insert into message_attachments (new_message_id, filename, stored_filename, mime_type, file_size, width)
    select m.id, 'x', 'x', 'image/png', 1, nullif(m.id % 2, 0) from messages m where m.conversation_id = ${id}`
  await sql`
    insert into message_stars (user_id, conversation_id, message_id)
    select ${anna.id}, ${id}, m.id from messages m where m.conversation_id = ${id} limit 3000`
  await sql`
    insert into poll_publications (message_id)
    select m.id from messages m where m.conversation_id = ${id} on conflict do nothing`
  await sql`
    insert into message_mentions (user_id, conversation_id, message_id)
    select ${anna.id}, m.conversation_id, m.id from messages m where m.conversation_id = ${id} on conflict do nothing`
  await sql`
    with people as (
      insert into users (email, username, name)
      select concat('p', n, '@example.org'), concat('p', n), 'P' from generate_series(1, 3000) n returning id
    ), members as (
      insert into conversation_members (conversation_id, user_id) select ${id}, id from people returning user_id
    ), waiting as (
      insert into scheduled_messages (user_id, conversation_id, client_id, content, content_text, send_at)
      select id, ${id}, gen_random_uuid(), 'x', 'x', now() + interval '1 day' from people returning id
    )
    insert into scheduled_attachments (attachment_id, scheduled_id) select 1000000 + id, id from waiting`
  await sql`
    insert into conversation_drafts (user_id, conversation_id, content, version)
    select user_id, conversation_id, 'x', 1 from conversation_members where conversation_id = ${id}
    on conflict do nothing`
  await sql`
    update conversations c set (last_message_id, seq) = (
      select m.id, m.seq from messages m where m.conversation_id = c.id order by m.id desc limit 1)
    where c.id = ${id}`
  const before = await rowsOfWholeTables()
  for (let times = 0; times < 3; times++) await act()
  expect(await rowsOfWholeTables()).toEqual(before)
})

test('a search asks the index of words, whatever else it is narrowed by', async () => {
  const { finding } = await import('../search/find.ts')
  const narrowed = {
    conversation_id: 1,
    sender_id: 1,
    since: '2020-01-01T00:00:00Z',
    until: '2030-01-01T00:00:00Z',
  }
  for (const more of [{}, narrowed, { kind: 'files' as const }, { ...narrowed, kind: 'links' as const }]) {
    const rows = await sql<{ 'QUERY PLAN': string }[]>`
      explain (costs off) ${finding(anna.id, ["'dwa':*", "'slowa'"], { limit: 20, ...more })}`
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan.match(/Bitmap Index Scan on messages_words_idx/g)).toHaveLength(2)
    expect(plan).not.toMatch(/Seq Scan|Parallel/)
  }
})
