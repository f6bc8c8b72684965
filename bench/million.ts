import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import type { OwnUser } from '../server/contract/users.ts'
import { load, ms, print, ratio } from './measure.ts'
import { text } from './people.ts'
import { type Stack, startStack } from './stack.ts'

const [users, conversations] = [1000, 1000]
/** Of messages. */
const sizes = [1000, 100_000, 10_000_000]
const spoken = (size: number) => size.toLocaleString('en')

/** PostgreSQL writes down the plan of every statement that is sent, also within functions, as it was run. */
const explaining = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_format': 'json',
}
/** So that ten million rows are written in minutes. */
const roomy = { shared_buffers: '2GB', max_wal_size: '16GB' }

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  /** Of a bitmap, which names no relation. */
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Shared Hit Blocks'?: number
  'Shared Read Blocks'?: number
  Plans?: Plan[]
}

type Tasks = Record<string, () => Promise<unknown>>

/** What members do among a thousand, a hundred thousand and ten million messages, and what PostgreSQL reads for it. */
export async function benchMillion(): Promise<void> {
  const stack = await startStack({ ...explaining, ...roomy })
  process.env.DATABASE_URL = stack.databaseUrl
  const { openDatabase, closeDatabase } = await import('../server/db/client.ts')
  try {
    await makeConversations(stack.sql)
    const times: Times[] = []
    // One connection throughout: its plans are made while the tables are small.
    await openDatabase(stack.databaseUrl)
    for (const size of sizes) {
      process.stdout.write(`Writing ${spoken(size)} messages …\n`)
      await fill(stack.sql, size)
      times.push(await measure(await tasksOf(stack.sql)))
    }
    await closeDatabase()
    printTimes(times)
    await explain(stack)
  } finally {
    await stack.stop()
  }
}

async function makeConversations(sql: postgres.Sql): Promise<void> {
  await sql`select setseed(0.42)`
  await sql`
    insert into users (email, username, name)
    select format('%s@bench', n), format('bench-%s', n), format('Osoba %s', n) from generate_series(1, ${users}) n`
  await sql`
    insert into conversations (name, is_group, owner_id, updated_at)
    select format('Grupa %s', n), true, 1, now() - n * interval '1 minute' from generate_series(1, ${conversations}) n`
  // User 1 is in all of them, the others each in some twenty.
  await sql`
    insert into conversation_members (conversation_id, user_id, role)
    select c, 1, 'owner' from generate_series(1, ${conversations}) c
    union all
    select c, u, 'member' from generate_series(1, ${conversations}) c, generate_series(2, ${users}) u
    where (c * 7919 + u * 104729) % 50 = 0`
}

/** Writes as many messages as are missing; everything is read by everybody. The first conversation has a tenth of all. */
async function fill(sql: postgres.Sql, size: number): Promise<void> {
  const [{ from }] = await sql<[{ from: number }]>`select coalesce(max(id), 0)::int as from from messages`
  await sql.begin(async (tx) => {
    // Foreign keys hold by construction: to check each would take longer than to write the rows.
    await tx`set local session_replication_role = replica`
    // Rows lie in the order they were written, conversations mixed, as in life.
    await tx`
      insert into messages (id, conversation_id, seq, sender_id, content, content_text, reply_to_id, created_at)
      select n, c, before.seq + row_number() over page, 1 + n % ${users}, ${`<p>${text}</p>`}, ${text},
        case when n % 10 = 3 then lag(n) over page end, timestamptz '2020-01-01' + n * interval '10 seconds'
      from (select n, case when n % 10 = 0 then 1 else 1 + floor(random() * ${conversations})::int end as c
            from generate_series(${from + 1}::int, ${size}::int) n) drawn
      join conversations before on before.id = c
      window page as (partition by c order by n)
      order by n`
    await tx`
      insert into message_reactions (message_id, user_id, emoji)
      select id, 1 + id % ${users}, '👍' from messages where id % 5 = 0 and id > ${from}`
    await tx`
      insert into message_attachments (new_message_id, uploader_id, filename, stored_filename, mime_type, file_size, width, height)
      select id, sender_id, 'obraz.jpg', 'bench-' || id, 'image/jpeg', 12345, 640, 480
      from messages where id % 20 = 0 and id > ${from}`
    await tx`
      insert into message_pins (conversation_id, message_id, pinned_by_id)
      select conversation_id, id, sender_id from messages where id % 500 = 0 and id > ${from}`
    await tx`
      update conversations c set last_message_id = m.id, seq = m.seq
      from (select distinct on (conversation_id) conversation_id, id, seq from messages where id > ${from}
            order by conversation_id, id desc) m
      where m.conversation_id = c.id`
    await tx`
      update conversation_members cm set last_read_message_id = c.last_message_id
      from conversations c where c.id = cm.conversation_id`
    await tx`select setval(pg_get_serial_sequence('messages', 'id'), (select max(id) from messages))`
  })
  await sql`vacuum analyze`
}

async function tasksOf(sql: postgres.Sql): Promise<Tasks> {
  const { messagePage } = await import('../server/messages/store.ts')
  const { insertMessage } = await import('../server/messages/insert.ts')
  const { editMessage } = await import('../server/messages/edit.ts')
  const { markRead } = await import('../server/messages/read.ts')
  const { addReaction, removeReaction } = await import('../server/reactions/react.ts')
  const { listConversations } = await import('../server/conversations/store.ts')
  const { catchUp } = await import('../server/catchup/catch-up.ts')
  const [{ newest }] = await sql<[{ newest: number }]>`
    select last_message_id::int as newest from conversations where id = 1`
  const middle = Math.floor(newest / 2)
  const draft = { senderId: 1, content: `<p>${text}</p>`, contentText: text }
  const { cursor } = await catchUp.changedSince(undefined, [])
  const [me, other] = [1, 2]
  const [{ peer }] = await sql<[{ peer: number }]>`
    select max(user_id)::int as peer from conversation_members where conversation_id = 1`
  let turn = 0
  const send = async (draft: Parameters<typeof insertMessage>[0]) => {
    const sent = await insertMessage(draft)
    if (sent.outcome !== 'sent') throw new Error(sent.outcome)
    return sent.message.id
  }
  const own = await send({ ...draft, conversationId: 1 })
  const user = { id: me, display_name: 'Osoba 1' } as OwnUser
  return {
    'a send': () => send({ ...draft, conversationId: 2 + (turn++ % 900) }),
    'a reply': () => send({ ...draft, conversationId: 1, replyToId: newest }),
    'a send, and reading it': async () => {
      await send({ ...draft, senderId: peer, conversationId: 1 })
      await markRead(me, 1)
    },
    'an edit': () => editMessage(me, own, `<p>po raz ${turn++}</p>`),
    'a reaction, and taking it back': async () => {
      await addReaction(user, newest, '❤️')
      await removeReaction(user, newest, '❤️')
    },
    'the newest page': () => messagePage(me, 1, { limit: 50 }),
    'a page in the middle': () => messagePage(me, 1, { limit: 50, before_id: middle }),
    'a page after a message': () => messagePage(me, 1, { limit: 50, after_id: middle }),
    'a page around a message': () => messagePage(me, 1, { limit: 50, around_id: middle }),
    'the list of a member of 20': () => listConversations(other, { filter: 'all', limit: 30 }),
    'the list of a member of 1,000': () => listConversations(me, { filter: 'all', limit: 30 }),
    'the unread of them': () => listConversations(me, { filter: 'unread', limit: 30 }),
    'what that member missed, nothing': () => catchUp.missedSince(me, cursor, cursor),
  }
}

/** Of each task, in ms. */
type Times = Record<string, number>

async function measure(tasks: Tasks): Promise<Times> {
  const times: Times = {}
  for (const [name, task] of Object.entries(tasks)) times[name] = (await load(1, 1, task)).p50
  return times
}

function printTimes(times: Times[]): void {
  const [first, last] = [times[0]!, times.at(-1)!]
  print('Among so many messages, p50', [
    ['', ...sizes.map(spoken), 'last ÷ first'],
    ...Object.keys(first).map((name) => [
      name,
      ...times.map((at) => ms(at[name]!)),
      ratio(last[name]!, first[name]!),
    ]),
  ])
}

async function explain(stack: Stack): Promise<void> {
  const { openDatabase, closeDatabase } = await import('../server/db/client.ts')
  const database = new URL(stack.databaseUrl).pathname.slice(1)
  await stack.sql.unsafe(`alter database ${database} set auto_explain.log_min_duration = 0`)
  await openDatabase(stack.databaseUrl)
  const rows = [['', 'statements', 'rows read', 'pages read', 'whole tables']]
  for (const [name, task] of Object.entries(await tasksOf(stack.sql))) {
    const plans = await plansOf(stack.log, task)
    const scans = plans.flatMap(flatten).filter((plan) => plan['Relation Name'] ?? plan['Index Name'])
    const whole = scans
      .filter((plan) => plan['Node Type'] === 'Seq Scan' && plan['Actual Loops'] > 0)
      .map((plan) => plan['Relation Name'])
    const read = plans.map((plan) => (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0))
    rows.push([
      name,
      `${plans.length}`,
      `${sum(scans.map(rowsRead))}`,
      `${sum(read)}`,
      [...new Set(whole)].join(', ') || '-',
    ])
  }
  await closeDatabase()
  print(`What PostgreSQL reads for it among ${spoken(sizes.at(-1)!)}`, rows)
}

const sum = (values: number[]) => Math.round(values.reduce((total, value) => total + value, 0))
const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)]
const rowsRead = (plan: Plan) =>
  (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']

/** The plans of what `call` sends, from the server's log. */
async function plansOf(log: string, call: () => Promise<unknown>): Promise<Plan[]> {
  const before = readFileSync(log).length
  await call()
  await sleep(200)
  const lines = readFileSync(log).subarray(before).toString()
  return [...lines.matchAll(/plan:\n(\t\{[\s\S]*?\n\t\})/g)].map(
    ([, json]) => JSON.parse(json!.replaceAll('\n\t', '\n')).Plan,
  )
}
