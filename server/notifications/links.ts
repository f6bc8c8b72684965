import { config } from '../config.ts'
import { Signer } from '../web/signer.ts'

/** What a link in a mail does for its recipient. */
export type Link =
  | { action: 'mute'; userId: number; conversationId: number }
  | { action: 'off'; userId: number }

export const linkPath = '/powiadomienia'

const signer = new Signer('rozmowa links in mails')

/**
 * The URL of a link, valid without signing in and as long as the service keeps the key: a mail may be read years
 * later, and all that the link can do is reduce the mails its reader gets.
 */
export function linkTo(link: Link): string {
  const text = link.action === 'mute' ? `mute.${link.userId}.${link.conversationId}` : `off.${link.userId}`
  return `${config.baseUrl}${linkPath}/${text}.${signer.sign(text).toString('base64url')}`
}

/** @returns undefined when we never signed it */
export function readLink(token: string): Link | undefined {
  const at = token.lastIndexOf('.')
  const [text, given] = [token.slice(0, Math.max(at, 0)), Buffer.from(token.slice(at + 1), 'base64url')]
  if (!signer.isSigned(text, given)) return undefined
  const [action, userId, conversationId] = text.split('.')
  return action === 'mute'
    ? { action, userId: Number(userId), conversationId: Number(conversationId) }
    : { action: 'off', userId: Number(userId) }
}
