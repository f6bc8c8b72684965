import type { Stretch } from './stretch.ts'

/** Ctrl+P prints what is loaded; where that is only a part, it opens the printable page with the whole. */
export function followPrint(id: number, stretch: () => Stretch, signal: AbortSignal): void {
  const onKeydown = (event: KeyboardEvent) => {
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
  addEventListener('keydown', onKeydown, { signal })
}
