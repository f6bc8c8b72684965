import { tidyConversations } from './conversations/tidy.ts'
import { tidyJobs } from './jobs/tidy.ts'
import { tidyNotifications } from './notifications/tidy.ts'
import { tidyPictures } from './previews/pictures.ts'
import { tidyPushes } from './push/tidy.ts'
import { tidyTokens } from './tokens/tidy.ts'
import { tidySessions } from './web/postgres-store.ts'

/** The housekeeping of every night. */
export async function tidy(): Promise<void> {
  await tidyJobs()
  await tidyNotifications()
  await tidyPushes()
  await tidyPictures()
  await tidyTokens()
  await tidySessions()
  await tidyConversations()
}
