import { familyOf, rotate, type Tokens } from '../tokens/family.ts'
import { unauthenticated } from '../web/problem.ts'
import { findSignedIn } from './store.ts'

/**
 * The next pair of tokens, for as long as the session stands.
 * @throws Problem 401 for a refresh token that is unknown, has expired or was used before; the last ends the session
 */
export async function refreshTokens(refreshToken: string): Promise<Tokens> {
  const family = await familyOf(refreshToken)
  const isStanding = family && (await findSignedIn(family.sid)) !== undefined
  const next = isStanding ? await rotate(refreshToken) : undefined
  if (!next) throw unauthenticated('The refresh token is not valid, or not any more.')
  return next
}
