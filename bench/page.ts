import { ask } from './client.ts'
import { type Load, load, ms, perSecond, print, ratio } from './measure.ts'
import { fillPage, makeGroup, makeUsers } from './people.ts'
import type { Program, Stack } from './stack.ts'
import type { Figure } from './targets.ts'

const seconds = 2

/** A page of 50 messages with everything a message can have, against the bare SELECT of 50 rows. */
export async function benchPage(stack: Stack, service: Program): Promise<Figure[]> {
  const { sql } = stack
  const users = await makeUsers(sql, 20)
  const conversation = await makeGroup(sql, users)
  await fillPage(sql, conversation, users, 1000)
  const [cookie] = await stack.signIn(users.slice(0, 1))
  const { openDatabase, closeDatabase, sql: own } = await storeOf(stack.databaseUrl)
  const { messagePage } = await import('../server/messages/store.ts')
  await openDatabase()

  const bare = () => own()`
    select id, conversation_id, seq, kind, client_id, sender_id, content, content_text, reply_to_id, forwarded_from,
      edited_at, is_deleted, deleted_at, link_preview, created_at
    from messages where conversation_id = ${conversation} order by id desc limit 50`
  const path = `/api/conversations/${conversation}/messages?limit=50`
  const rows = [['', 'K=1 p50', 'of floor', 'K=1 p99', 'of floor', 'K=16', 'of floor']]
  const measure = async (name: string, work: () => Promise<unknown>, floor?: Loaded) => {
    const loaded = { one: await load(1, seconds, work), many: await load(16, seconds, work) }
    rows.push([name, ...cells(loaded, floor ?? loaded)])
    return loaded
  }
  const floor = await measure('bare SELECT of 50 rows', bare)
  const inStore = () => messagePage(users[0]!, conversation, { limit: 50 })
  await measure('messagePage(), the store alone', inStore, floor)
  const overHttp = () => ask('GET', service, path, cookie!)
  const page = await measure('GET …/messages over HTTP, signed in', overHttp, floor)
  await measure('GET /healthz, for HTTP itself', () => ask('GET', service, '/healthz', ''), floor)
  await closeDatabase()
  print('Page of 50 messages, each with a quote, an attachment and two reactions', rows)
  return [{ target: 'page', floor: floor.one.p50, service: page.one.p50 }]
}

interface Loaded {
  one: Load
  many: Load
}

const cells = ({ one, many }: Loaded, floor: Loaded) => [
  ...[ms(one.p50), ratio(one.p50, floor.one.p50)],
  ...[ms(one.p99), ratio(one.p99, floor.one.p99)],
  ...[perSecond(many.rate), ratio(many.rate, floor.many.rate)],
]

/** The service's own connections, with its own settings. */
async function storeOf(databaseUrl: string) {
  process.env.DATABASE_URL = databaseUrl
  const client = await import('../server/db/client.ts')
  return {
    openDatabase: () => client.openDatabase(databaseUrl),
    closeDatabase: client.closeDatabase,
    sql: () => client.sql,
  }
}
