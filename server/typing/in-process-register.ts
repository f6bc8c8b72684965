import type { Durations } from './durations.ts'
import type { TypingRegister, Typist } from './register.ts'

interface Entry extends Typist {
  /** ms since 1970, as `publishedAt`; `undefined` once they have stopped. */
  stopsAt: number | undefined
  publishedAt: number
  /** They began again too early to be published, so neither is their stop. */
  isQuiet: boolean
}

const nameOf = ({ conversationId, userId }: Typist) => `${conversationId}:${userId}`

/** The register of a single worker: the same promises without a Redis. */
export function openInProcessTyping({ publishEvery }: Pick<Durations, 'publishEvery'>): TypingRegister {
  const entries = new Map<string, Entry>()
  return {
    async start(typist, lastsMs) {
      const now = Date.now()
      const entry = entries.get(nameOf(typist))
      const isDue = !entry || now - entry.publishedAt >= publishEvery
      const stopsAt = Math.max(entry?.stopsAt ?? 0, now + lastsMs)
      if (isDue) entries.set(nameOf(typist), { ...typist, stopsAt, publishedAt: now, isQuiet: false })
      else Object.assign(entry, { stopsAt, isQuiet: entry.isQuiet || !entry.stopsAt })
      return isDue
    },
    async stop(typist) {
      const entry = entries.get(nameOf(typist))
      const isShown = entry?.stopsAt !== undefined && !entry.isQuiet
      if (entry) entry.stopsAt = undefined
      return isShown
    },
    async sweep() {
      const now = Date.now()
      const ended = entries
        .values()
        .filter(({ stopsAt }) => stopsAt !== undefined && stopsAt <= now)
        .toArray()
      for (const entry of ended) entry.stopsAt = undefined
      for (const [name, { stopsAt, publishedAt }] of entries)
        if (!stopsAt && now - publishedAt >= publishEvery) entries.delete(name)
      const shown = entries.values().filter(({ isQuiet }) => !isQuiet)
      const next = Math.min(...shown.map(({ stopsAt }) => stopsAt ?? Number.POSITIVE_INFINITY))
      const stopped = ended.filter(({ isQuiet }) => !isQuiet)
      return { stopped, next: Number.isFinite(next) ? next - now : undefined }
    },
    async typistsAmong(conversationId, userIds) {
      const now = Date.now()
      const stopsAt = (userId: number) => entries.get(nameOf({ conversationId, userId }))?.stopsAt ?? 0
      return userIds.filter((userId) => stopsAt(userId) > now)
    },
  }
}
