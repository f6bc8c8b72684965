import type { Redis } from 'ioredis'

/** A subscriber goes on for ever, and comes back by itself; it does not subscribe again by itself. */
export const subscribing = { autoResubscribe: false, maxRetriesPerRequest: null, commandTimeout: undefined }

/** What a subscriber to one channel listens with. */
export interface Listening {
  subscriber: Redis
  event: 'messageBuffer' | 'smessageBuffer'
  subscribe(): Promise<unknown>
}
