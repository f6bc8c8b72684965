import { createECDH } from 'node:crypto'
import { sql } from '../db/client.ts'

/** Of P-256, in base64url. */
export interface KeyPair {
  publicKey: string
  privateKey: string
}

const curve = 'prime256v1'

/**
 * The keys that pushes are signed with (VAPID, RFC 8292), made at their first use. Kept in the database and not in a
 * file: all processes of all machines have the same, and a restored backup has them too. Subscriptions are bound to them.
 */
export async function keyPair(): Promise<KeyPair> {
  const kept = (await keptKey()) ?? (await makeKey())
  const ecdh = createECDH(curve)
  ecdh.setPrivateKey(kept, 'base64url')
  return { publicKey: ecdh.getPublicKey('base64url'), privateKey: kept }
}

async function keptKey(): Promise<string | undefined> {
  const [row] = await sql<{ value: string }[]>`select value from installation where name = 'vapid'`
  return row?.value
}

/** Stored only when there is none, then read: of two processes at once, both get the same. */
async function makeKey(): Promise<string> {
  const ecdh = createECDH(curve)
  ecdh.generateKeys()
  // Without leading zeros, of which one in 256 has some.
  const key = ecdh.getPrivateKey('hex').padStart(64, '0')
  const value = Buffer.from(key, 'hex').toString('base64url')
  await sql`insert into installation (name, value) values ('vapid', ${value}) on conflict (name) do nothing`
  return (await keptKey())!
}
