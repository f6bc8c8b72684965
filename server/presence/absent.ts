import { bestEffort } from './best-effort.ts'
import { type Found, register } from './register.ts'

const attempt = bestEffort('asking who is away')

/** Those of these users who have no open stream, and sent no heartbeat lately; all of them when that is not known. */
export async function absentAmong(userIds: number[]): Promise<number[]> {
  if (userIds.length === 0) return []
  const found = await attempt<Found[]>(register.find(userIds), [])
  return userIds.filter((_, i) => (found[i]?.status ?? 'offline') === 'offline')
}
