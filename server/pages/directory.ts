import type { RequestHandler } from 'express'
import { letterOf, letters } from '../../views/people/letters.ts'
import type { DirectoryPage } from '../../views/templates.ts'
import { type Listed, searchDirectory } from '../accounts/search.ts'
import { UserSearch } from '../contract/users.ts'
import { presencesOf } from '../presence/presences.ts'
import { spend } from '../web/limits.ts'
import { readFor } from '../web/reads.ts'
import { readerFor, render } from '../web/render.ts'
import { signInFor } from './next.ts'

const pageSize = 50

/**
 * GET /wiadomosci/osoby?szukaj=&litera=&dalej= – the members by name: those whom the words are found in, from a letter on,
 * or from where the page before ended.
 */
export const getDirectory: RequestHandler = async (req, res) => {
  if (!req.user) return res.redirect(signInFor(req.originalUrl))
  const viewerId = req.user.id
  await spend('search', viewerId)
  const { szukaj, litera, dalej } = req.query
  // What does not fit is not searched for: an address typed by hand shows the beginning.
  const { query, cursor } = UserSearch.catch({ query: '', limit: pageSize }).parse({
    query: szukaj,
    cursor: dalej,
  })
  const letter = letters.find((each) => each === litera)
  const page = async () => {
    const data = await read(viewerId, { query, cursor, letter })
    return render('people/directory', readerFor(req), { ...data, query, letter, letters, isFirst: !cursor })
  }
  res.send(await readFor(viewerId, page))
}

async function read(
  viewerId: number,
  search: Omit<Parameters<typeof searchDirectory>[0], 'limit'>,
): Promise<Pick<DirectoryPage, 'sections' | 'next'>> {
  const { members, next_cursor: next } = await searchDirectory({ ...search, limit: pageSize })
  const ids = members.map(({ id }) => id)
  const presences = new Map((await presencesOf(viewerId, ids)).map((each) => [each.user_id, each]))
  const listed = members.map((member) => ({ member, presence: presences.get(member.id) }))
  return { sections: sectionsOf(listed), next }
}

const sectionsOf = (
  listed: { member: Listed; presence: DirectoryPage['sections'][0]['listed'][0]['presence'] }[],
) =>
  [...Map.groupBy(listed, ({ member }) => letterOf(member.display_name))].map(([letter, listed]) => ({
    letter,
    listed,
  }))
