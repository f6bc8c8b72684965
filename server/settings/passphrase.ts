import { atLeast } from './numbers.ts'

/** Of a backup: whoever has the file can try as many as they like. */
export const passphrase = atLeast(12)
