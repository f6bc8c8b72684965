import type { Found } from '../../views/templates.ts'
import { searched } from '../contract/fields.ts'
import { limits } from '../contract/limits.ts'
import type { SearchKind } from '../contract/search.ts'
import { listConversations } from '../conversations/store.ts'
import { searchMessages } from '../search/search.ts'
import { spend } from '../web/limits.ts'

const conversationsShown = 10
const filesShown = 5

/**
 * What a search from the page finds without scripts, the first of each; undefined for no words, or too many.
 * @param asked `szukaj` of the query string
 * @throws Problem 429
 */
export async function findFor(userId: number, asked: unknown): Promise<Found | undefined> {
  const words = searched.safeParse(asked)
  if (!words.success || !words.data) return undefined
  await spend('search', userId)
  const query = words.data
  const isLong = query.length >= limits.searchMinCharacters
  const find = (kind: SearchKind, limit: number) =>
    isLong ? searchMessages(userId, { q: query, kind, limit }) : { results: [] }
  const [{ conversations }, { results: messages }, { results: files }] = await Promise.all([
    listConversations(userId, { filter: 'any', query, limit: conversationsShown }),
    find('messages', limits.searchPage),
    find('files', filesShown),
  ])
  return { query, conversations, messages, files }
}
