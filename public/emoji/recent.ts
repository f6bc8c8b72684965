import { page } from '../page.ts'

const KEY = `rozmowa.emoji.${page.me.id}`
const maxRecent = 24

/** What one reacts with until one has habits. */
export const usual = ['👍', '❤️', '😂', '😮', '😢', '🙏']

/** The emoji this member used last, the last first. */
export function recentEmoji(): string[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]') as string[]
  } catch {
    return []
  }
}

export function usedEmoji(emoji: string): void {
  try {
    const before = recentEmoji().filter((each) => each !== emoji)
    localStorage.setItem(KEY, JSON.stringify([emoji, ...before].slice(0, maxRecent)))
  } catch {
    // A full or forbidden store: there are no recent ones then.
  }
}
