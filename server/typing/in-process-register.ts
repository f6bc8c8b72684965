import type { Durations } from './durations.ts'
import type { TypingRegister, Typist } from './register.ts'

interface Entry extends Typist {
  /** ms since 1970, as `toldAt`; `undefined` once he has stopped. */
  stopsAt: number | undefined
  toldAt: number
}

const nameOf = ({ conversationId, userId }: Typist) => `${conversationId}:${userId}`

/** The register of a single worker: the same promises without a Redis. */
export function openInProcessTyping({ stopsAfter, toldEvery }: Durations): TypingRegister {
  const entries = new Map<string, Entry>()
  return {
    async start(typist) {
      const now = Date.now()
      const entry = entries.get(nameOf(typist))
      const tell = !entry || now - entry.toldAt >= toldEvery
      if (tell) entries.set(nameOf(typist), { ...typist, stopsAt: now + stopsAfter, toldAt: now })
      else if (entry.stopsAt) entry.stopsAt = now + stopsAfter
      return tell
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
      for (const [name, { stopsAt, toldAt }] of entries)
        if (!stopsAt && now - toldAt >= toldEvery) entries.delete(name)
      const next = Math.min(...entries.values().map(({ stopsAt }) => stopsAt ?? Number.POSITIVE_INFINITY))
      return { stopped, next: Number.isFinite(next) ? next - now : undefined }
    },
  }
}
