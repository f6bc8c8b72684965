import { hash, verify } from '@node-rs/argon2'

// Argon2id with OWASP's second recommended setting: 19 MiB, two passes.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), cost)

/** Verified when there is no such account, so that its absence takes as long as a wrong password. */
const decoy = hashPassword('nobody has this password')

/** Whether `password` is the one of `hashed`; takes the same time when there is no hash to compare with. */
export async function passwordMatches(hashed: string | null | undefined, password: string): Promise<boolean> {
  const known = hashed?.startsWith('$argon2id$')
  const matches = await verify(known ? hashed! : await decoy, password.normalize('NFKC'))
  return matches && known === true
}
