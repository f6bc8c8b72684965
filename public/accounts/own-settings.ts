import { api } from '../api.ts'
import { page } from '../page.ts'

/** Nobody is to wait for them. */
const maxWaitMs = 1500

let refreshedAt = Date.now()

/** Asks for one's own settings, which another device may have changed. Best effort. @param maxAgeMs how old they may be */
export async function refreshOwnSettings(maxAgeMs: number): Promise<void> {
  if (Date.now() - refreshedAt < maxAgeMs) return
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, maxWaitMs))
  const answer = await Promise.race([api.me().catch(() => undefined), late])
  if (!answer) return
  refreshedAt = Date.now()
  Object.assign(page.me, answer.user)
}
