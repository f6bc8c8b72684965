import { randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import { cookieName, cookieOptions } from '../web/session.ts'
import { Signer } from '../web/signer.ts'

/** Members remembered per browser, for a family that shares one. */
const maxMembers = 5
const lifetimeMs = 365 * 24 * 60 * 60 * 1000

const name = `${cookieName}-device`
const signer = new Signer('rozmowa known devices')
/** Valid for this account only. */
const signedText = (nonce: string, userId: number) => `${nonce} ${userId}`

function tokensOf(req: Request): string[] {
  const found = req.get('cookie')?.match(new RegExp(`(?:^|; )${name}=([\\w.~-]+)`))?.[1]
  return found?.split('~').slice(0, maxMembers) ?? []
}

function isFor(token: string, userId: number): boolean {
  const [nonce = '', signature = ''] = token.split('.')
  return signer.isSigned(signedText(nonce, userId), Buffer.from(signature, 'base64url'))
}

/**
 * The browser's token for an account that has been used in it; undefined in a new browser. It grants nothing: guesses
 * from a known browser are counted separately, so that strangers who guess from many addresses do not lock members out.
 */
export const knownDevice = (req: Request, userId: number): string | undefined =>
  tokensOf(req).find((token) => isFor(token, userId))

/** Remembers the browser of a signed-in member for a year. */
export function rememberDevice(req: Request, res: Response, userId: number): void {
  if (knownDevice(req, userId)) return
  const nonce = randomBytes(12).toString('base64url')
  const token = `${nonce}.${signer.sign(signedText(nonce, userId)).toString('base64url')}`
  const tokens = [token, ...tokensOf(req)].slice(0, maxMembers).join('~')
  res.cookie(name, tokens, { ...cookieOptions, maxAge: lifetimeMs, encode: String })
}
