import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** The two formats written by the portal's Werkzeug: `scrypt:n:r:p$salt$hex` and `pbkdf2:sha256:n$salt$hex`. */
const scryptFormat = /^scrypt:(\d{1,8}):(\d{1,3}):(\d{1,3})\$([^$]+)\$([0-9a-f]{128})$/
const pbkdf2Format = /^pbkdf2:sha256:(\d{1,8})\$([^$]+)\$([0-9a-f]{64})$/

/** More than the portal ever used; a hash that needs more is not the portal's. Bytes. */
const maxMemory = 256 * 1024 * 1024

export const isOldHash = (hashed: string): boolean => scryptFormat.test(hashed) || pbkdf2Format.test(hashed)

/** Checks `password` against a hash of the portal's, which hashed the bytes without normalizing them. */
export async function oldPasswordMatches(hashed: string, password: string): Promise<boolean> {
  const derived = await derive(hashed, password).catch(() => undefined)
  return derived !== undefined && timingSafeEqual(derived, Buffer.from(hashed.split('$')[2]!, 'hex'))
}

async function derive(hashed: string, password: string): Promise<Buffer | undefined> {
  const [, n, r, p, salt] = scryptFormat.exec(hashed) ?? []
  if (salt)
    return deriveScrypt(password, salt, { N: Number(n), r: Number(r), p: Number(p), maxmem: maxMemory })
  const [, rounds, saltOfRounds] = pbkdf2Format.exec(hashed) ?? []
  return saltOfRounds ? promisify(pbkdf2)(password, saltOfRounds, Number(rounds), 32, 'sha256') : undefined
}

const deriveScrypt = promisify(
  (password: string, salt: string, cost: object, done: (error: Error | null, key: Buffer) => void) =>
    scrypt(password, salt, 64, cost, done),
)
