const debounceMs = 150

/** Debounces the input of a search box. */
export function onTypingPause(input: HTMLInputElement, search: () => void, pauseMs = debounceMs): void {
  let timer = 0
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(search, pauseMs)
  })
}

const nearEndPx = 300

/** Calls back when a list is scrolled near its end. */
export function onNearEnd(list: HTMLElement, more: () => void): void {
  list.addEventListener(
    'scroll',
    () => list.scrollHeight - list.scrollTop - list.clientHeight < nearEndPx && more(),
    { passive: true },
  )
}
