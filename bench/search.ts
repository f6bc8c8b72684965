import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { ask } from './client.ts'
import { load, ms, print } from './measure.ts'
import { makeGroups, makeUsers } from './people.ts'
import type { Program, Stack } from './stack.ts'
import type { Figure } from './targets.ts'

const messages = 1_000_000
const conversations = 1000
const batch = 10_000
const forSeconds = 2

/** What members type. Of the words below the first is in half of all messages, the others in a twentieth, the last in a few. */
const queries = {
  'a common word': 'q=spotkanie',
  'its forms': 'q=spotkaniach',
  'a rare word': 'q=lokomotywa',
  'two words': 'q=zebrania+faktury',
  'four words': 'q=zebranie+faktura+umowa+termin',
  'a part of a word': 'q=omotyw',
  'a part of many words': 'q=nie',
  'a mistake': 'q=lokmotywa',
  'what nobody says': 'q=qwertyzxcv',
  English: 'q=meetings',
  'the beginnings of many': 'q=po+za',
  'a common word with a link': 'q=spotkanie&kind=links',
  'the name of a file': 'q=umowa&kind=files',
  'a word of one sender in one year':
    'q=faktura&sender_id=7&since=2020-01-01T00:00:00Z&until=2021-01-01T00:00:00Z',
}
const said = [
  'spotkanie',
  'faktura',
  'zebranie',
  'umowa',
  'termin',
  'spotkaniach',
  'meeting',
  'zebrania',
  'faktury',
]
const seldom = ['lokomotywa', 'lokomotywą']

/** Searches among a million messages of words of the dictionary, the common ones in many of them, as in life. */
export async function benchSearch(stack: Stack, service: Program): Promise<Figure[]> {
  const { sql } = stack
  const users = await makeUsers(sql, 1000)
  // The first is in all of them, the others each in some twenty.
  const groups = Array.from({ length: conversations }, (_, c) => [
    users[0]!,
    ...users.slice(1).filter((_, u) => (c * 7919 + u * 104_729) % 50 === 0),
  ])
  const ids = await makeGroups(sql, groups)
  process.stdout.write(`Writing ${messages.toLocaleString('en')} messages …\n`)
  await withoutIndexes(sql, () => fill(sql, ids, users))
  await sql`vacuum analyze`
  process.stdout.write('Waiting until their words are learned …\n')
  await learn(sql)
  const [many, few] = await stack.signIn([users[0]!, users[5]!])
  const rows = [['', 'of 1,000, p50', 'p95', 'of 20, p50', 'p95']]
  const slowest: number[] = []
  for (const [name, query] of Object.entries(queries)) {
    const loads = []
    for (const cookie of [many!, few!])
      loads.push(await load(1, forSeconds, () => ask('GET', service, `/api/search?${query}`, cookie)))
    rows.push([name, ...loads.flatMap(({ p50, p95 }) => [ms(p50), ms(p95)])])
    slowest.push(...loads.map(({ p95 }) => p95))
  }
  print(`Searches among ${messages.toLocaleString('en')} messages`, rows)
  return [{ target: 'search', floor: Number.NaN, service: Math.max(...slowest) }]
}

/** They are made faster than a million rows are added to them. */
async function withoutIndexes(sql: postgres.Sql, work: () => Promise<void>): Promise<void> {
  const indexes = await sql<{ name: string; made: string }[]>`
    select indexrelid::regclass as name, pg_get_indexdef(indexrelid) as made from pg_index
    where indexrelid::regclass::text in ('messages_words_idx', 'message_attachments_name_idx')`
  for (const { name } of indexes) await sql`drop index ${sql(name)}`
  await work()
  await sql.begin(async (tx) => {
    await tx`set local maintenance_work_mem = '256MB'`
    for (const { made } of indexes) await tx.unsafe(made)
  })
}

async function fill(sql: postgres.Sql, conversationIds: number[], users: number[]): Promise<void> {
  const pick = pickFrom(wordsFor())
  await sql.begin(async (tx) => {
    // Foreign keys hold by construction: to check each would take longer than to write the rows.
    await tx`set local session_replication_role = replica`
    for (let first = 0; first < messages; first += batch) {
      const texts = Array.from({ length: batch }, (_, i) => {
        const words = Array.from({ length: 8 + (i % 9) }, pick).join(' ')
        return i % 50 === 0 ? `${words} https://example.org/${first + i}` : words
      })
      const names = texts.map(() => `${pick()}-${pick()}.pdf`)
      await tx`
        with written as (
          insert into messages (conversation_id, seq, sender_id, content, content_text, created_at)
          select (${conversationIds}::bigint[])[1 + n % ${conversations}], 1 + n / ${conversations},
            (${users}::bigint[])[1 + n % 997], '<p>' || text || '</p>', text,
            timestamptz '2020-01-01' + n * interval '2 minutes'
          from (select ${first}::int + i::int - 1 as n, text from unnest(${texts}::text[]) with ordinality u (text, i)) t
          returning id, sender_id
        )
        insert into message_attachments (new_message_id, uploader_id, filename, stored_filename, mime_type, file_size)
        select id, sender_id, (${names}::text[])[1 + id % ${batch}], 'bench-' || id, 'application/pdf', 12345
        from written where id % 20 = 0`
    }
    await tx`
      update conversations c set last_message_id = m.id, seq = m.seq
      from (select conversation_id, max(id) as id, max(seq) as seq from messages group by conversation_id) m
      where m.conversation_id = c.id`
  })
}

/** Picks a word, the first much oftener than the last; the same in each run. */
function pickFrom(words: string[]): () => string {
  let state = 42
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return words[Math.floor(words.length * (state / 2 ** 32) ** 4)]!
  }
}

/** Those of a Polish dictionary, a few of the first asked for. */
function wordsFor(): string[] {
  const folder = dirname(createRequire(import.meta.url).resolve('dictionary-pl'))
  const lines = readFileSync(join(folder, 'index.dic'), 'utf8').split('\n').slice(1)
  const words = lines.map((line) => line.split('/')[0]!).filter((word) => /^\p{L}{2,}$/u.test(word))
  const every = Math.floor(words.length / 40_000)
  return [...said, ...words.filter((_, i) => i % every === 0), ...seldom]
}

/** Until the job has gone through all messages. */
async function learn(sql: postgres.Sql): Promise<void> {
  for (let isLearned = false; !isLearned; ) {
    await sleep(1000)
    const [row] = await sql<{ learned: boolean }[]>`
      select value::xid8 > (select max(xid) from messages) as learned from installation where name = 'vocabulary'`
    isLearned = row?.learned ?? false
  }
}
