import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { config } from '../config.ts'

/** Signs for one purpose, with keys of its own: what was signed for another is not valid here. */
export class Signer {
  readonly #purpose: string
  #derived: Buffer[] | undefined

  /** @param purpose unique */
  constructor(purpose: string) {
    this.#purpose = purpose
  }

  /** 16 bytes, by the first key of SESSION_SECRET. */
  sign = (text: string): Buffer => signed(this.#keys[0]!, text)

  /** Whether one of the keys has signed it. */
  isSigned = (text: string, signature: Buffer): boolean =>
    this.#keys.some((key) => isEqual(signature, signed(key, text)))

  /** Derived when they are first needed: the command line signs nothing, and has no secret. */
  get #keys(): Buffer[] {
    this.#derived ??= config.sessionKeys.map((key) => keyFor(key, this.#purpose))
    return this.#derived
  }
}

const signed = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest().subarray(0, 16)

export const isEqual = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected)

/** A key that tells nothing of the one it is derived from, nor of those for other purposes. 32 bytes */
export const keyFor = (key: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', purpose, 32))
