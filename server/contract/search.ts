import { z } from 'zod'
import { cursorText } from './cursor.ts'
import { idNumber, idText, moment, pageLimit, searched } from './fields.ts'
import { limits } from './limits.ts'
import { Message } from './messages.ts'

export const SearchResult = z.object({
  message: Message,
  conversation_id: idNumber,
  /** Of the conversation, as the caller sees it. */
  title: z.string(),
  /** Of the message's text, around what was found: HTML with no other tag than `<mark>`. */
  excerpt: z.string(),
})
export type SearchResult = z.infer<typeof SearchResult>

export const SearchPage = z.object({
  /** The newest first. */
  results: z.array(SearchResult),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
})
export type SearchPage = z.infer<typeof SearchPage>

/** An emoji by itself is enough: it has two units of UTF-16. */
const searchedWords = searched.refine(
  (words) => words.length >= limits.searchMinCharacters,
  `must have at least ${limits.searchMinCharacters} signs`,
)

/** The id of the last message of the page before. */
const searchCursor = cursorText(
  z.tuple([idNumber]).transform(([id]) => id),
  100,
)

/** All messages; those with files, found by the names of these, too; those with a link. */
const SearchKind = z.enum(['messages', 'files', 'links'])
export type SearchKind = z.infer<typeof SearchKind>

export const SearchQuery = z.object({
  q: searchedWords,
  kind: SearchKind.default('messages'),
  conversation_id: idText.optional(),
  sender_id: idText.optional(),
  since: moment.optional(),
  until: moment.optional(),
  limit: pageLimit(limits.searchPage),
  cursor: searchCursor.optional(),
})
