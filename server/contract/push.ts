import { z } from 'zod'
import { idNumber } from './fields.ts'
import { limits } from './limits.ts'

/** The public key that pushes are signed with (VAPID, RFC 8292): `applicationServerKey` of a browser's `subscribe()`. */
export const PushKey = z.object({ key: z.string().regex(/^[\w-]{87}$/) })

/** At a push service, `https` only. */
const endpoint = z
  .string()
  .max(limits.pushEndpointCharacters)
  .regex(/^https:\/\/[\x21-\x7e]+$/, 'must be an https URL')

/** Bytes in base64url; some programs pad them. */
const bytes = (pattern: RegExp, what: string) =>
  z
    .string()
    .max(100)
    .transform((value) => value.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'))
    .pipe(z.string().regex(pattern, what))

/** PostgreSQL reads no year of five digits as JavaScript writes it. */
const lastMs = Date.UTC(9999, 11, 31)

/** A browser's PushSubscription, as its `toJSON()` has it; `expirationTime` in ms since 1970. */
export const PushSubscription = z.object({
  endpoint,
  expirationTime: z.number().min(0).max(lastMs).nullish(),
  keys: z.object({
    p256dh: bytes(/^B[\w-]{86}$/, 'must be a public key of P-256, uncompressed, in base64url'),
    auth: bytes(/^[\w-]{22}$/, 'must be 16 bytes in base64url'),
  }),
})
export type PushSubscription = z.infer<typeof PushSubscription>

export const PushEndpoint = z.object({ endpoint })

/** What a browser gets, decrypted: the newest message of a conversation that its user has not read. */
export const PushPayload = z.object({
  type: z.literal('message'),
  conversation_id: idNumber,
  message_id: idNumber,
  /** The conversation's, as the member sees it. */
  title: z.string(),
  /** The beginning of the message, in a group behind its sender's name; a system line in the member's language. */
  body: z.string(),
  /** Of the conversation, without system lines. */
  unread_count: z.int().min(0).max(limits.unreadCount),
  /** Of its page. */
  url: z.url(),
})
export type PushPayload = z.infer<typeof PushPayload>
