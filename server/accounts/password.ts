import { hash, verify } from '@node-rs/argon2'
import { isOldHash, oldPasswordMatches } from './old-password.ts'

// Argon2id with OWASP's second recommended setting: 19 MiB, two passes.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), cost)

/** Verified when there is no such account, so that this takes as long as a wrong password. */
const decoy = hashPassword('nobody has this password')

/**
 * Whether `password` matches `hashed`, a hash of ours or of the portal's. Without a hash it takes as long as with one of
 * ours.
 */
export async function passwordMatches(hashed: string | null | undefined, password: string): Promise<boolean> {
  if (hashed && isOldHash(hashed)) return oldPasswordMatches(hashed, password)
  const known = isOwnHash(hashed)
  const matches = await verify(known ? hashed : await decoy, password.normalize('NFKC'))
  return matches && known
}

const isOwnHash = (hashed: string | null | undefined): hashed is string => !!hashed?.startsWith('$argon2id$')
