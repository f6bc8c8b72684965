import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { load, ms, print } from './measure.ts'
import { text } from './people.ts'
import { type Stack, startStack } from './stack.ts'

const [users, conversations, messages] = [1000, 1000, 1_000_000]

/** PostgreSQL writes down the plan of every statement the stores send, as it was run. */
const explaining = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_format': 'json',
}

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

/** Pages and the list of conversations among a million messages: index ranges, however long the conversation. */
export async function benchMillion(): Promise<void> {
  const stack = await startStack(explaining)
  try {
    process.stdout.write(`Writing ${messages.toLocaleString('en')} messages …\n`)
    await generate(stack.sql)
    await explain(stack)
  } finally {
    await stack.stop()
  }
}

/** The same rows at every run. Conversations differ in length: the first has a tenth of all messages. */
async function generate(sql: postgres.Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select setseed(0.42)`
    await tx`
      insert into users (email, username, name)
      select format('%s@bench', n), format('bench-%s', n), format('Osoba %s', n) from generate_series(1, ${users}) n`
    await tx`
      insert into conversations (name, is_group, owner_id, updated_at)
      select format('Grupa %s', n), true, 1, now() - n * interval '1 minute' from generate_series(1, ${conversations}) n`
    // User 1 is in all of them, the others each in some twenty.
    await tx`
      insert into conversation_members (conversation_id, user_id, role)
      select c, 1, 'owner' from generate_series(1, ${conversations}) c
      union all
      select c, u, 'member' from generate_series(1, ${conversations}) c, generate_series(2, ${users}) u
      where (c * 7919 + u * 104729) % 50 = 0`
    // Rows lie in the order they were written, conversations mixed, as in life.
    await tx`
      insert into messages (conversation_id, seq, sender_id, content, content_text, created_at)
      select c, row_number() over (partition by c order by n), 1 + n % ${users}, ${`<p>${text}</p>`}, ${text},
        now() - (${messages} - n) * interval '10 seconds'
      from (select n, case when n % 10 = 0 then 1 else 1 + floor(random() * ${conversations})::int end as c
            from generate_series(1, ${messages}) n) drawn
      order by n`
    await tx`
      insert into message_reactions (message_id, user_id, emoji)
      select id, 1 + id % ${users}, '👍' from messages where id % 5 = 0`
    await tx`
      insert into message_attachments (new_message_id, uploader_id, filename, stored_filename, mime_type, file_size, width, height)
      select id, sender_id, 'obraz.jpg', 'bench-' || id, 'image/jpeg', 12345, 640, 480 from messages where id % 20 = 0`
    await tx`
      insert into message_pins (conversation_id, message_id, pinned_by_id)
      select conversation_id, id, sender_id from messages where id % 500 = 0`
    await tx`
      update messages m set reply_to_id = before.id from messages before
      where m.id % 10 = 3 and before.conversation_id = m.conversation_id and before.seq = m.seq - 1`
    await tx`
      update conversations c set last_message_id = m.id, seq = m.seq
      from (select distinct on (conversation_id) conversation_id, id, seq from messages order by conversation_id, id desc) m
      where m.conversation_id = c.id`
  })
  await sql`vacuum analyze`
}

async function explain(stack: Stack): Promise<void> {
  process.env.DATABASE_URL = stack.databaseUrl
  const { openDatabase, closeDatabase } = await import('../server/db/client.ts')
  const { messagePage } = await import('../server/messages/store.ts')
  const { listConversations } = await import('../server/conversations/store.ts')
  const { catchUp } = await import('../server/catchup/catch-up.ts')
  const middle = messages / 2
  const calls: Record<string, () => Promise<unknown>> = {
    'newest page of 100,000 messages': () => messagePage(1, 1, { limit: 50 }),
    'a page in the middle of them': () => messagePage(1, 1, { limit: 50, before_id: middle }),
    'a page after a message': () => messagePage(1, 1, { limit: 50, after_id: middle }),
    'a page around a message': () => messagePage(1, 1, { limit: 50, around_id: middle }),
    'newest page of 900 messages': () => messagePage(1, 500, { limit: 50 }),
    'conversations of a member of 20': () => listConversations(2, { filter: 'all', limit: 30 }),
    'conversations of a member of 1,000': () => listConversations(1, { filter: 'all', limit: 30 }),
    'what that member missed': async () => {
      const { cursor } = await catchUp.changedSince(undefined, [])
      return catchUp.missedSince(1, cursor, cursor)
    },
    'the unread of them': () => listConversations(1, { filter: 'unread', limit: 30 }),
  }
  await openDatabase(stack.databaseUrl)
  const times: number[] = []
  for (const call of Object.values(calls)) times.push((await load(1, 1, call)).p50)
  await closeDatabase()

  const database = new URL(stack.databaseUrl).pathname.slice(1)
  await stack.sql.unsafe(`alter database ${database} set auto_explain.log_min_duration = 0`)
  await openDatabase(stack.databaseUrl)
  const rows = [['', 'p50', 'statements', 'rows read', 'pages read', 'whole tables']]
  for (const [i, [name, call]] of Object.entries(calls).entries()) {
    // Past the fifth time PostgreSQL may keep a plan.
    for (let round = 0; round < 7; round++) await call()
    const plans = await plansOf(stack.log, call)
    const scans = plans.flatMap(flatten).filter((plan) => plan['Relation Name'] ?? plan['Index Name'])
    const whole = scans
      .filter((plan) => plan['Node Type'] === 'Seq Scan')
      .map((plan) => plan['Relation Name'])
    const read = plans.map((plan) => (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0))
    rows.push([
      name,
      ms(times[i]!),
      `${plans.length}`,
      `${sum(scans.map(rowsRead))}`,
      `${sum(read)}`,
      [...new Set(whole)].join(', ') || '-',
    ])
  }
  await closeDatabase()
  print(
    `Among ${messages.toLocaleString('en')} messages in ${conversations.toLocaleString('en')} conversations`,
    rows,
  )
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
