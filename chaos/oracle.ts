import type postgres from 'postgres'
import type { Entry } from './sender.ts'
import type { Place, Shown, View } from './view.ts'

/** What must be 0. */
export interface Verdict {
  /** Messages or changes that a reader was not shown, and acknowledged messages that are not stored. */
  lost: number
  /** Messages that a reader has and the database has not. */
  ghosts: number
  outOfOrder: number
  /** Numbers left out on a stream that no later change took over. */
  gaps: number
  /** Stored or answered twice for one client_id. */
  doubled: number
  /** The first few of each, for diagnosis. */
  details: string[]
}

/** What a reader should have. */
export interface Expected {
  name: string
  view: View
  talkIds: number[]
}

interface Stored extends Shown {
  id: number
  talkId: number
  clientId: string | null
}

/** What the database holds in the end. */
export interface Truth {
  messages: Stored[]
  /** Group names, by conversation. */
  names: Map<number, string | null>
}

export async function readTruth(sql: postgres.Sql): Promise<Truth> {
  const rows = await sql<(Omit<Stored, 'reactions'> & { reactions: string[] })[]>`
    select m.id::int, m.conversation_id::int as "talkId", m.seq::int, m.content, m.client_id as "clientId",
      array(select r.user_id || ' ' || r.emoji from message_reactions r where r.message_id = m.id) as reactions
    from messages m order by m.conversation_id, m.seq`
  const groups = await sql<{ id: number; name: string | null }[]>`select id::int, name from conversations`
  return {
    messages: rows.map((row) => ({ ...row, reactions: new Set(row.reactions) })),
    names: new Map(groups.map(({ id, name }) => [id, name])),
  }
}

const counted = ['lost', 'ghosts', 'outOfOrder', 'gaps', 'doubled'] as const

export const sum = (verdicts: Verdict[]): Verdict => ({
  ...(Object.fromEntries(
    counted.map((what) => [what, verdicts.reduce((total, each) => total + each[what], 0)]),
  ) as Record<(typeof counted)[number], number>),
  details: verdicts.flatMap(({ details }) => details),
})

/** What restoring an older backup removed, and no one need receive: ids, by client_id. */
export type Gone = ReadonlyMap<string, ReadonlySet<number>>

/** Compares what readers received, and senders were answered, with what is stored. */
export function judge(
  truth: Truth,
  readers: Expected[],
  entries: Iterable<Entry>,
  gone: Gone = new Map(),
): Verdict {
  const verdict: Verdict = { lost: 0, ghosts: 0, outOfOrder: 0, gaps: 0, doubled: 0, details: [] }
  const talks = Map.groupBy(truth.messages, ({ talkId }) => talkId)
  for (const reader of readers)
    for (const talkId of reader.talkIds)
      judgePlace(verdict, `${reader.name} in ${talkId}`, reader.view.places.get(talkId), {
        messages: talks.get(talkId) ?? [],
        name: truth.names.get(talkId) ?? null,
      })
  for (const { name, view } of readers)
    noteIn(verdict)('outOfOrder', view.disorders, `${name}: ${view.disorders} out of order`)
  judgeLedger(verdict, truth, entries, gone)
  return verdict
}

function judgePlace(
  verdict: Verdict,
  who: string,
  place: Place | undefined,
  { messages, name }: { messages: Stored[]; name: string | null },
): void {
  const note = noteIn(verdict)
  if (!place) {
    note('lost', messages.length, `${who}: never seen`)
    return
  }
  for (const message of messages) {
    const shown = place.messages.get(message.id)
    if (!shown) note('lost', 1, `${who}: message ${message.id} at ${message.seq}`)
    else if (!isSame(shown, message))
      note('lost', 1, `${who}: message ${message.id} at ${message.seq}, shown at ${shown.seq}`)
  }
  const stored = new Set(messages.map(({ id }) => id))
  for (const id of place.messages.keys())
    if (!stored.has(id)) note('ghosts', 1, `${who}: message ${id} is not stored`)
  if (place.name !== name) note('lost', 1, `${who}: the name ${name}, shown ${place.name}`)
  const current = new Set(messages.map(({ seq }) => seq))
  for (const seq of place.skipped) if (current.has(seq)) note('gaps', 1, `${who}: ${seq} left out`)
  note('outOfOrder', place.disorders, `${who}: ${place.disorders} out of order`)
}

const isSame = (shown: Shown, stored: Stored): boolean =>
  shown.seq === stored.seq &&
  shown.content === stored.content &&
  shown.reactions.symmetricDifference(stored.reactions).size === 0

function judgeLedger(verdict: Verdict, { messages }: Truth, entries: Iterable<Entry>, gone: Gone): void {
  const note = noteIn(verdict)
  const byClientId = Map.groupBy(messages, ({ clientId }) => clientId)
  for (const { clientId, ids: answered, talk } of entries) {
    const ids = answered.difference(gone.get(clientId) ?? new Set())
    const stored = byClientId.get(clientId) ?? []
    if (stored.length > 1) note('doubled', stored.length - 1, `${clientId} stored ${stored.length} times`)
    if (ids.size > 1) note('doubled', ids.size - 1, `${clientId} answered with ${[...ids]}`)
    for (const id of ids)
      if (!stored.some((message) => message.id === id && message.talkId === talk.id))
        note('lost', 1, `message ${id} was acknowledged and is not stored`)
  }
}

const noteIn =
  (verdict: Verdict) =>
  (what: (typeof counted)[number], times: number, detail: string): void => {
    verdict[what] += times
    if (times > 0 && verdict.details.length < 30) verdict.details.push(`${what}: ${detail}`)
  }
