import type { Found } from '../../views/templates.ts'
import { searched } from '../contract/fields.ts'
import { limits } from '../contract/limits.ts'
import { listConversations } from '../conversations/store.ts'
import { searchMessages } from '../search/search.ts'
import { spend } from '../web/limits.ts'

const conversationsShown = 10

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
  const [{ conversations }, { results: messages }] = await Promise.all([
    listConversations(userId, { filter: 'any', query, limit: conversationsShown }),
    isLong ? searchMessages(userId, { q: query, limit: limits.searchPage }) : { results: [] },
  ])
  return { query, conversations, messages, files: [] }
}
