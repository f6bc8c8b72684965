const PAUSE = 150

/** Calls back once somebody has stopped typing into a search box for a moment. */
export function afterTyping(input: HTMLInputElement, search: () => void): void {
  let timer = 0
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(search, PAUSE)
  })
}

const NEAR = 300

/** Calls back whenever somebody scrolls near the end of a list. */
export function onNearEnd(list: HTMLElement, more: () => void): void {
  list.addEventListener(
    'scroll',
    () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR && more(),
    { passive: true },
  )
}
