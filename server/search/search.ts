import { membershipsOf } from '../changes/membership.ts'
import { writeCursor } from '../contract/cursor.ts'
import type { Message } from '../contract/messages.ts'
import type { SearchPage, SearchResult } from '../contract/search.ts'
import { otherPerson, title } from '../conversations/title.ts'
import { sql } from '../db/client.ts'
import { countFitting } from '../messages/fitting.ts'
import { messagesById } from '../messages/store.ts'
import { notFound } from '../web/problem.ts'
import { excerptOf, hasAll } from './excerpt.ts'
import { type Filters, finding } from './find.ts'
import { queriesOf, soughtWords } from './sought.ts'
import type { SoughtWord } from './words.ts'

export interface Sought extends Filters {
  q: string
}

/**
 * A page of the messages in the member's conversations that have all of these words, the newest first; fewer when they
 * are long. A word is found by its beginning, by a part, and in each of its forms. All of a conversation's history is
 * found, as all of it is shown, whoever joined when.
 * @throws Problem 404 when the member is not in that conversation
 */
export async function searchMessages(userId: number, { q, ...filters }: Sought): Promise<SearchPage> {
  if (filters.conversation_id) await mustBeIn(userId, filters.conversation_id)
  const sought = await soughtWords(q)
  const found = await find(userId, sought, filters)
  const page = found.slice(0, Math.min(filters.limit, countFitting(found)))
  const has_more = found.length > page.length
  const last = page.at(-1)
  return {
    results: await resultsOf(
      userId,
      sought,
      page.map(({ id }) => id),
    ),
    has_more,
    next_cursor: has_more && last ? writeCursor([last.id]) : null,
  }
}

async function find(
  userId: number,
  sought: SoughtWord[],
  filters: Filters,
): Promise<{ id: number; bytes: number }[]> {
  if (sought.length === 0) return []
  return sql`${finding(userId, queriesOf(sought), filters)}`
}

async function mustBeIn(userId: number, conversationId: number): Promise<void> {
  const found = await sql`select from ${membershipsOf(userId)} where c.id = ${conversationId}`
  if (found.length === 0) throw notFound()
}

/** Without what was deleted, and conversations that were left, since it was found. */
async function resultsOf(userId: number, sought: SoughtWord[], ids: number[]): Promise<SearchResult[]> {
  if (ids.length === 0) return []
  const messages = await messagesById(ids, sql, userId)
  const titles = await titlesOf(
    userId,
    [...messages.values()].map((message) => message.conversation_id),
  )
  return ids.flatMap((id): SearchResult[] => {
    const message = messages.get(id)
    const title = message && titles.get(message.conversation_id)
    if (!message || message.content_text === null || title === undefined) return []
    const { conversation_id } = message
    return [{ message, conversation_id, title, excerpt: excerptOf(shownText(message, sought), sought) }]
  })
}

/** Of a message that was found by the name of a file, that. */
function shownText({ content_text, attachments }: Message, sought: SoughtWord[]): string {
  const text = content_text ?? ''
  if (hasAll(text, sought)) return text
  return attachments.map(({ filename }) => filename).find((name) => hasAll(name, sought)) ?? text
}

async function titlesOf(userId: number, conversationIds: number[]): Promise<Map<number, string>> {
  const rows = await sql<{ id: number; title: string }[]>`
    select c.id, ${title()} as title from ${membershipsOf(userId)} ${otherPerson()}
    where c.id = any(${[...new Set(conversationIds)]})`
  return new Map(rows.map(({ id, title }) => [id, title]))
}
