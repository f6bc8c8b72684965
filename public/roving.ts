/**
 * Roving tabindex: arrow keys move through the items of a list and Tab leaves it. One item at a time is in the tab order,
 * and of the controls in items (`data-inner`) only those of that item.
 * @param from where to begin when no item has the focus
 */
export function rove(
  list: HTMLElement,
  selector: string,
  from: 'first' | 'last',
  signal?: AbortSignal,
): void {
  const options = signal ? { signal } : {}
  list.addEventListener('keydown', (event) => walk(event), options)
  list.addEventListener(
    'focusin',
    (event) => {
      const item = itemOf(event.target as Element)
      if (item) setTabStop(item)
    },
    options,
  )

  function walk(event: KeyboardEvent): void {
    const items = [...list.querySelectorAll<HTMLElement>(selector)]
    const now = items.indexOf(itemOf(event.target as Element) as HTMLElement)
    const start = from === 'first' ? 0 : items.length - 1
    const goal = {
      ArrowDown: now < 0 ? start : now + 1,
      ArrowUp: now < 0 ? start : now - 1,
      Home: 0,
      End: items.length - 1,
    }[event.key]
    if (goal === undefined || event.altKey || event.ctrlKey || event.metaKey || inside(event.target)) return
    event.preventDefault()
    items[Math.max(0, Math.min(goal, items.length - 1))]?.focus()
  }

  /** A control may stand beside its item. */
  function itemOf(target: Element): HTMLElement | null {
    return target.closest<HTMLElement>(selector) ?? target.closest('li')?.querySelector(selector) ?? null
  }

  function setTabStop(item: HTMLElement): void {
    for (const other of list.querySelectorAll<HTMLElement>(`${selector}[tabindex="0"]`)) other.tabIndex = -1
    for (const inner of list.querySelectorAll<HTMLElement>('[data-inner]'))
      inner.tabIndex = itemOf(inner) === item ? 0 : -1
    item.tabIndex = 0
  }
}

/** One of the items is in the tab order: the focused one, else the current one, else the first. */
export function keepOneTabStop(items: HTMLElement[]): void {
  const one =
    items.find((item) => item === document.activeElement) ??
    items.find((item) => item.ariaCurrent) ??
    items[0]
  for (const item of items) item.tabIndex = item === one ? 0 : -1
}

const inside = (target: EventTarget | null) =>
  (target as Element).matches('input, textarea, [contenteditable]')
