import { isOldHash, oldPasswordMatches } from './old-password.ts'

// Argon2id with OWASP's second recommended setting: 19 MiB, two passes.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export async function hashPassword(password: string): Promise<string> {
  const { hash } = await argon2()
  return hash(password.normalize('NFKC'), cost)
}

/** Loaded for the first password: a worker's start is none. */
const argon2 = () => import('@node-rs/argon2')

/** Verified when there is no such account, so that this takes as long as a wrong password. Of the same cost as above. */
const decoy =
  '$argon2id$v=19$m=19456,t=2,p=1$evAZmbDoYlX2PB95OCfMvA$0TuJsdJu5bN2CnlJ49MZ8+IGUv/kQ7jVeoF+8v9GfJM'

/**
 * Whether `password` matches `hashed`, a hash of ours or of the portal's. Without a hash it takes as long as with one of
 * ours.
 */
export async function passwordMatches(hashed: string | null | undefined, password: string): Promise<boolean> {
  if (hashed && isOldHash(hashed)) return oldPasswordMatches(hashed, password)
  const known = isOwnHash(hashed)
  const { verify } = await argon2()
  const matches = await verify(known ? hashed : decoy, password.normalize('NFKC'))
  return matches && known
}

const isOwnHash = (hashed: string | null | undefined): hashed is string => !!hashed?.startsWith('$argon2id$')
