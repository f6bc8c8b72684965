import { z } from 'zod'

/** What an access token may do: read; write; see to the account itself. A session's cookie may do everything. */
export const Scope = z.enum(['read', 'write', 'account'])
export type Scope = z.infer<typeof Scope>

/** Scopes as OAuth has them, separated by blanks. None means all of them. */
export const scopeText = z
  .string()
  .max(100)
  .transform((given) => [...new Set(given.split(' ').filter(Boolean))])
  .pipe(z.array(Scope))
  .transform((given) => (given.length > 0 ? given : Scope.options))
