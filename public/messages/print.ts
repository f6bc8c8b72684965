import type { Stretch } from './stretch.ts'

/** Ctrl+P prints what is loaded of a conversation; where that is not all of it, it opens the page that has it all. */
export function followPrint(id: number, stretch: () => Stretch, signal: AbortSignal): void {
  const whole = (event: KeyboardEvent) => {
    if (
      event.key.toLowerCase() !== 'p' ||
      !(event.ctrlKey || event.metaKey) ||
      event.shiftKey ||
      event.altKey
    )
      return
    const { hasOlder, hasNewer } = stretch()
    if (!hasOlder && !hasNewer) return
    event.preventDefault()
    open(`/wiadomosci/${id}/druk`, '_blank')
  }
  addEventListener('keydown', whole, { signal })
}
