import { page } from '../page.ts'

const storageKey = `rozmowa.emoji.${page.me.id}`
const maxRecent = 24

export const defaultEmoji = ['👍', '❤️', '😂', '😮', '😢', '🙏']

/** Latest first. */
export function recentEmoji(): string[] {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '[]') as string[]
  } catch {
    return []
  }
}

export function rememberEmoji(emoji: string): void {
  try {
    const before = recentEmoji().filter((each) => each !== emoji)
    localStorage.setItem(storageKey, JSON.stringify([emoji, ...before].slice(0, maxRecent)))
  } catch {
    // Storage is full or forbidden: then there are no recent ones.
  }
}
