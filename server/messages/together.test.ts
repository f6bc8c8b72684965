import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { upload } from '../testing/files.ts'
import { type Person, startService } from '../testing/service.ts'

const { anna, bartek, celina, dawid, ewa } = await startService()
const { insertMessage } = await import('./insert.ts')
const { sql } = await import('../db/client.ts')

const [withAnna, withCelina, others] = await Promise.all([
  bartek.talkTo(anna),
  bartek.talkTo(celina),
  dawid.talkTo(ewa),
])

type Draft = Parameters<typeof insertMessage>[0]

const draft = (sender: Person, conversationId: number, text: string, more: Partial<Draft> = {}): Draft => ({
  conversationId,
  senderId: sender.id,
  content: `<p>${text}</p>`,
  contentText: text,
  ...more,
})

/** In one turn of the event loop, so that they share a statement. */
const sendTogether = (...drafts: Draft[]) => Promise.all(drafts.map(insertMessage))

async function stored(...drafts: Draft[]) {
  const sent = await sendTogether(...drafts)
  return sent.map((each) => {
    if (each.outcome !== 'sent') throw new Error(each.outcome)
    return each
  })
}

const seqOf = async (id: number): Promise<{ seq: number; xid: number }> =>
  (
    await sql<
      [{ seq: number; xid: number }]
    >`select seq, xid::text::bigint as xid from conversations where id = ${id}`
  )[0]

test('of messages in one transaction each has its own outcome, and only those that are sent take a seq', async () => {
  const clientId = randomUUID()
  const [before] = await stored(draft(bartek, withAnna, 'przedtem', { clientId }))
  const file = (await upload(dawid, Buffer.from('cudze'), 'cudze.txt')).body.attachment.id
  const sent = await sendTogether(
    draft(bartek, withAnna, 'pierwsza'),
    draft(bartek, others, 'nie moja rozmowa'),
    draft(bartek, withCelina, 'odpowiedź', { replyToId: before!.message.id }),
    draft(bartek, withAnna, 'cudzy plik', { attachmentIds: [file] }),
    draft(bartek, withAnna, 'jeszcze raz', { clientId }),
    draft(bartek, withCelina, 'w drugiej rozmowie'),
    draft(bartek, withAnna, 'druga', { replyToId: before!.message.id }),
    draft(bartek, 999_999, 'nie ma takiej'),
  )
  expect(sent.map(({ outcome }) => outcome)).toEqual([
    'sent',
    'not_found',
    'reply_not_found',
    'attachment_not_found',
    'repeated',
    'sent',
    'sent',
    'not_found',
  ])
  const messages = sent.map((each) => ('message' in each ? each.message : undefined))
  expect(messages[4]!.id).toBe(before!.message.id)
  expect(messages[6]!.reply_to).toMatchObject({ id: before!.message.id, excerpt: 'przedtem' })
  expect([messages[0]!.seq, messages[6]!.seq]).toEqual([before!.message.seq + 1, before!.message.seq + 2])
  expect((await seqOf(withAnna)).seq).toBe(messages[6]!.seq)
  const [{ transactions }] = await sql<[{ transactions: number }]>`
    select count(distinct xid)::int as transactions from messages
    where id = any(${[messages[0]!.id, messages[5]!.id, messages[6]!.id]})`
  expect(transactions).toBe(1)
})

test('one that cannot be stored fails alone', async () => {
  const sent = await Promise.allSettled(
    [
      draft(anna, withAnna, 'przed'),
      draft(anna, withAnna, 'z \0 w środku'),
      draft(anna, withAnna, 'po'),
      draft(celina, withCelina, 'obok'),
    ].map(insertMessage),
  )
  expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
})

test('messages of one conversation are stored in the order in which they came', async () => {
  const sent = await stored(
    ...Array.from({ length: 250 }, (_, i) =>
      draft([anna, bartek][i % 2]!, withAnna, `${i}`, i % 40 === 7 ? { clientId: randomUUID() } : {}),
    ),
  )
  const seqs = sent.map(({ message }) => message.seq)
  expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i))
  const ids = sent.map(({ message }) => message.id)
  expect(ids).toEqual(ids.toSorted((a, b) => a - b))
})

test('each has the members of its own conversation as its recipients', async () => {
  const sent = await stored(
    draft(bartek, withAnna, 'a'),
    draft(dawid, others, 'b'),
    draft(bartek, withCelina, 'c'),
    draft(ewa, others, 'd'),
  )
  const ids = (...people: Person[]) => people.map(({ id }) => id).sort((a, b) => a - b)
  expect(sent.map(({ recipients }) => recipients.toSorted((a, b) => a - b))).toEqual([
    ids(anna, bartek),
    ids(dawid, ewa),
    ids(bartek, celina),
    ids(dawid, ewa),
  ])
})

test('each says which transaction stored it, and which changed the conversation before', async () => {
  const before = await seqOf(withAnna)
  const [first, second] = await stored(draft(bartek, withAnna, 'raz'), draft(anna, withAnna, 'dwa'))
  expect(first!.previousXid).toBe(before.xid)
  expect([first!.xid, second!.xid, second!.previousXid]).toEqual(Array(3).fill((await seqOf(withAnna)).xid))
  const [next] = await stored(draft(anna, withAnna, 'trzy'))
  expect(next!.previousXid).toBe(second!.xid)
  expect(next!.xid).toBeGreaterThan(second!.xid)
})

test('a conversation that is locked holds up its own messages alone', async () => {
  const held = await sql.begin(async (tx) => {
    await tx`select from lock_conversation(${withAnna}, ${anna.id})`
    const waiting = stored(draft(bartek, withAnna, 'czeka'), draft(anna, withAnna, 'też'))
    const [sent] = await stored(draft(dawid, others, 'nie czeka'))
    expect(sent!.message.content_text).toBe('nie czeka')
    const [later] = await stored(draft(bartek, withCelina, 'później też nie'))
    expect(later!.message.content_text).toBe('później też nie')
    return { waiting }
  })
  const [first, second] = await held.waiting
  expect(second!.message.seq).toBe(first!.message.seq + 1)
})

test('a file goes with one of two messages that are sent with it at once', async () => {
  const file = (await upload(anna, Buffer.from('moje'), 'moje.txt')).body.attachment.id
  const both = await sendTogether(
    draft(anna, withAnna, 'z plikiem', { attachmentIds: [file] }),
    draft(anna, withAnna, 'z tym samym', { attachmentIds: [file] }),
    draft(celina, withCelina, 'bez'),
  )
  expect(both.map(({ outcome }) => outcome)).toEqual(['sent', 'attachment_not_found', 'sent'])
  expect('message' in both[0]! && both[0].message.attachments.map(({ id }) => id)).toEqual([file])
})

test('a client_id sent twice at once is stored once', async () => {
  const clientId = randomUUID()
  const sent = await sendTogether(
    draft(dawid, others, 'raz', { clientId }),
    draft(ewa, others, 'inna'),
    draft(dawid, others, 'raz', { clientId }),
  )
  expect(sent.map(({ outcome }) => outcome)).toEqual(['sent', 'sent', 'repeated'])
})

test('who answers has read what was stored just before, in the same transaction too', async () => {
  const [, answer] = await stored(draft(anna, withAnna, 'pytanie'), draft(bartek, withAnna, 'odpowiedź'))
  const [{ read_id }] = await sql<[{ read_id: number }]>`
    select last_read_message_id as read_id from conversation_members
    where conversation_id = ${withAnna} and user_id = ${bartek.id}`
  expect(read_id).toBe(answer!.message.id)
})

test('a message that a restored backup took before it was answered is to be sent again', async () => {
  const first = await anna.say(withAnna, 'pierwsza')
  await sql`create function take() returns trigger language plpgsql as $$ begin
    update conversations set last_message_id = null where id = new.conversation_id;
    delete from messages where id = new.id;
    return null; end $$`
  await sql`create constraint trigger take after insert on messages initially deferred
    for each row execute function take()`
  const body = { content: 'znika', reply_to_id: first.id, client_id: randomUUID() }
  const send = () => anna.post(`/api/conversations/${withAnna}/messages`, body)
  const taken = await send()
  await sql`drop trigger take on messages`
  expect([taken.status, taken.headers.has('retry-after')]).toEqual([503, true])
  expect((await send()).status).toBe(201)
})
