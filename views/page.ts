import type { Conversation, ConversationPage } from '../server/contract/conversations.ts'
import type { MessagePage } from '../server/contract/messages.ts'
import type { PinPage } from '../server/contract/pins.ts'
import type { OwnUser } from '../server/contract/users.ts'
import type { Locale } from './texts/texts.ts'

/** What the page was drawn from, handed to the browser as JSON so that it goes on from there. */
export interface PageData {
  me: OwnUser
  locale: Locale
  zone: string
  /** Bytes of the largest file that can be attached. */
  maxUploadBytes: number
  /** Bytes of all files of one member. */
  uploadQuotaBytes: number
  /** Addresses of assets the scripts need by themselves. */
  assets: { sprite: string; favicon: string; faviconUnread: string }
  list: ConversationPage
  conversation: Conversation | null
  messages: MessagePage | null
  pins: PinPage | null
}
