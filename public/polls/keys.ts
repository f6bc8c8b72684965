const steps: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

/**
 * Arrow keys move between the options of a poll. They do not vote: others see each vote at once, so that takes Space or
 * Enter.
 */
export function followPollKeys(log: HTMLElement, signal: AbortSignal): void {
  const onKeydown = (event: KeyboardEvent) => {
    const option = (event.target as Element).closest<HTMLElement>('.poll__option')
    const step = steps[event.key]
    if (!option || !step || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    const options = [...option.parentElement!.querySelectorAll<HTMLElement>('.poll__option')]
    options.at((options.indexOf(option) + step) % options.length)?.focus()
  }
  log.addEventListener('keydown', onKeydown, { signal, capture: true })
}
