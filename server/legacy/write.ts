import type { Row } from '../db/schema.ts'
import type { Transaction } from './connection.ts'
import { type Fitted, fitContent } from './content.ts'
import type { Queue } from './inbox.ts'
import type { Progress } from './progress.ts'
import type { Report } from './report.ts'
import { ownSubject } from './subject.ts'

/** A message of the portal. */
interface OldMessage {
  n: number
  source: 'private' | 'group'
  legacy_id: number
  conversation_id: number
  is_deleted: boolean
  content: string
  subject: string | null
  parent_subject: string | null
  has_files: boolean
}

/** What is stored of a batch, a column each. */
interface Columns {
  n: number[]
  part: number[]
  seq: number[]
  html: (string | null)[]
  text: (string | null)[]
}

const nothing: Fitted = { parts: [{ html: '', text: '' }] }

/**
 * Writes the messages of the queue, batch by batch: while the database stores one, the next is sanitized.
 * @returns the first id given to any of them
 */
export async function writeMessages(
  tx: Transaction,
  { messages, batches }: Queue,
  report: Report,
  progress: Progress,
): Promise<number> {
  const seqs = await lastSeqs(tx)
  let firstId = Number.MAX_SAFE_INTEGER
  let done = 0
  let storing: Promise<unknown> = Promise.resolve()
  for (let batch = 0; batch < batches; batch++) {
    const rows = await readBatch(tx, batch)
    if (rows.length === 0) continue
    const columns = columnsOf(rows, seqs, report)
    await storing
    const ids = await takeIds(tx, columns.n.length)
    firstId = Math.min(firstId, ids[0]!)
    storing = store(tx, columns, ids)
    storing.catch(() => {})
    done += rows.length
    progress.show('Messages', done, messages)
  }
  await storing
  return firstId
}

/** Of the conversations that are written to. */
async function lastSeqs(tx: Transaction): Promise<Map<number, number>> {
  const rows = await tx<Row<'conversations', 'id' | 'seq'>[]>`
    select id, seq from conversations where id in (select conversation_id from legacy_queue)`
  return new Map(rows.map(({ id, seq }) => [id, seq]))
}

/** A parent elsewhere is no parent here: then its subject is nowhere to be read, and the answer keeps its own. */
const readBatch = (tx: Transaction, batch: number) => tx<OldMessage[]>`
  select q.n, q.source, q.legacy_id, q.conversation_id, q.is_deleted,
    coalesce(p.content, g.content) as content, p.subject, pp.subject as parent_subject,
    q.has_files
  from legacy_queue q
  left join private_messages p on q.source = 'private' and p.id = q.legacy_id
  left join group_message g on q.source = 'group' and g.id = q.legacy_id
  left join private_messages pp on pp.id = q.parent_id
    and ((pp.sender_id, pp.recipient_id) is not distinct from (p.sender_id, p.recipient_id)
      or (pp.recipient_id, pp.sender_id) is not distinct from (p.sender_id, p.recipient_id))
  where q.batch = ${batch}
  order by q.n`

function columnsOf(rows: OldMessage[], seqs: Map<number, number>, report: Report): Columns {
  const columns: Columns = { n: [], part: [], seq: [], html: [], text: [] }
  for (const row of rows) {
    const { parts, note } = row.is_deleted ? nothing : contentOf(row)
    if (note && !(row.has_files && parts[0]!.text === '')) takeNote(row, note, report)
    for (const [i, { html, text }] of parts.entries()) {
      const seq = seqs.get(row.conversation_id)! + 1
      seqs.set(row.conversation_id, seq)
      columns.n.push(row.n)
      columns.part.push(i + 1)
      columns.seq.push(seq)
      columns.html.push(row.is_deleted ? null : html)
      columns.text.push(row.is_deleted ? null : text)
    }
  }
  return columns
}

const contentOf = ({ content, subject, parent_subject }: OldMessage) =>
  fitContent(content, ownSubject(subject, parent_subject))

function takeNote({ source, legacy_id: id }: OldMessage, reason: string, report: Report): void {
  report.notes.push({ table: source === 'private' ? 'private_messages' : 'group_message', id, reason })
}

/** Ascending, and never used by concurrent writers. */
async function takeIds(tx: Transaction, count: number): Promise<number[]> {
  const rows = await tx<{ id: number }[]>`
    select nextval(pg_get_serial_sequence('messages', 'id')) as id from generate_series(1, ${count})`
  return rows.map(({ id }) => id)
}

const store = async (tx: Transaction, { n, part, seq, html, text }: Columns, ids: number[]) => {
  await tx`
    with written as (
      select w.*, q.source, q.legacy_id, q.conversation_id, q.sender_id, q.sent_at, q.is_deleted, q.read_at
      from unnest(${ids}::bigint[], ${n}::bigint[], ${part}::integer[], ${seq}::bigint[], ${html}::text[], ${text}::text[])
        as w (id, n, part, seq, html, text)
      join legacy_queue q on q.n = w.n
    ), stored as (
      insert into messages (id, conversation_id, seq, sender_id, content, content_text, is_deleted, deleted_at, created_at)
      select id, conversation_id, seq, sender_id, html, text, is_deleted,
        -- The portal did not note when; not before it was read.
        case when is_deleted then greatest(sent_at, read_at) end, sent_at
      from written order by id
    )
    insert into legacy_messages (source, legacy_id, part, message_id)
    select source, legacy_id, part, id from written order by id`
}
