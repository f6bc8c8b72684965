import type { OwnUser } from '../server/contract/users.ts'
import type { Locale } from './texts/texts.ts'

/** What the script starts from. Conversations and messages, which the page shows, it loads like any client. */
export interface PageData {
  me: OwnUser
  locale: Locale
  /** The service worker has kept this page: it shows no conversations. */
  isShell: boolean
  /** The largest attachment. */
  maxUploadBytes: number
  /** All files of one member. */
  uploadQuotaBytes: number
  /** URLs; of `scripts` the first starts the page, and the others are what it needs. */
  assets: { sprite: string; favicon: string; faviconUnread: string; scripts: string[] }
}
