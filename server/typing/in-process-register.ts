import type { Durations } from './durations.ts'
import type { TypingRegister, Typist } from './register.ts'

interface Entry extends Typist {
  /** ms since 1970, as `publishedAt`; `undefined` once they have stopped. */
  stopsAt: number | undefined
  publishedAt: number
}

const nameOf = ({ conversationId, userId }: Typist) => `${conversationId}:${userId}`

/** The register of a single worker: the same promises without a Redis. */
export function openInProcessTyping({ stopsAfter, publishEvery }: Durations): TypingRegister {
  const entries = new Map<string, Entry>()
  return {
    async start(typist) {
      const now = Date.now()
      const entry = entries.get(nameOf(typist))
      const isDue = !entry || now - entry.publishedAt >= publishEvery
      if (isDue) entries.set(nameOf(typist), { ...typist, stopsAt: now + stopsAfter, publishedAt: now })
      else if (entry.stopsAt) entry.stopsAt = now + stopsAfter
      return isDue
    },
    async stop(typist) {
      const entry = entries.get(nameOf(typist))
      const wasTyping = entry?.stopsAt !== undefined
      if (entry) entry.stopsAt = undefined
      return wasTyping
    },
    async sweep() {
      const now = Date.now()
      const stopped = entries
        .values()
        .filter(({ stopsAt }) => stopsAt !== undefined && stopsAt <= now)
        .toArray()
      for (const entry of stopped) entry.stopsAt = undefined
      for (const [name, { stopsAt, publishedAt }] of entries)
        if (!stopsAt && now - publishedAt >= publishEvery) entries.delete(name)
      const next = Math.min(...entries.values().map(({ stopsAt }) => stopsAt ?? Number.POSITIVE_INFINITY))
      return { stopped, next: Number.isFinite(next) ? next - now : undefined }
    },
  }
}
