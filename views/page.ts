import type { Conversation, ConversationPage } from '../server/contract/conversations.ts'
import type { MessagePage } from '../server/contract/messages.ts'
import type { PinPage } from '../server/contract/pins.ts'
import type { OwnUser } from '../server/contract/users.ts'
import type { Locale } from './texts/texts.ts'

/** What the page was rendered from, sent along as JSON for the script to start from. */
export interface PageData {
  me: OwnUser
  locale: Locale
  zone: string
  /** The largest attachment. */
  maxUploadBytes: number
  /** All files of one member. */
  uploadQuotaBytes: number
  /** URLs. */
  assets: { sprite: string; favicon: string; faviconUnread: string }
  list: ConversationPage
  conversation: Conversation | null
  messages: MessagePage | null
  pins: PinPage | null
}
