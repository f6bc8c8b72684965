import { type Overlay, overlay } from '../overlay.ts'
import { toElement } from '../render.ts'

/**
 * @param html a menu whose items carry `data-choice`
 * @param chosen called once the menu is closed and the focus is back
 */
export function openMenu(html: string, beside: Element | DOMRect, chosen: (choice: string) => void): Overlay {
  const menu = toElement(html)
  const shown = overlay(menu, beside)
  const items = [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')]
  menu.addEventListener('click', ({ target }) => {
    const choice = (target as Element).closest<HTMLElement>('[data-choice]')?.dataset.choice
    if (!choice) return
    shown.close()
    chosen(choice)
  })
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Tab') {
      event.preventDefault()
      shown.close()
      return
    }
    const goal = next(items, document.activeElement as HTMLElement, event.key)
    if (!goal) return
    event.preventDefault()
    goal.focus()
  })
  items[0]?.focus({ preventScroll: true })
  return shown
}

function next(items: HTMLElement[], now: HTMLElement, key: string): HTMLElement | undefined {
  const row = rowOf(now)
  const within = items.filter((item) => rowOf(item) === row)
  const rest = items.filter((item) => !rowOf(item))
  const step = (list: HTMLElement[], by: number) => list.at((list.indexOf(now) + by) % list.length)
  // A row of items counts as one line, represented by its first item.
  const lines = items.filter((item) => !rowOf(item) || item === (row ? now : rowOf(item)?.firstElementChild))
  if (key === 'ArrowDown') return step(lines, 1)
  if (key === 'ArrowUp') return step(lines, -1)
  if (key === 'ArrowRight' && row) return step(within, 1)
  if (key === 'ArrowLeft' && row) return step(within, -1)
  if (key === 'Home') return items[0]
  if (key === 'End') return items.at(-1)
  if (key.length !== 1 || key === ' ') return undefined
  const begins = rest.filter((item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()))
  return begins[(begins.indexOf(now) + 1) % begins.length]
}

const rowOf = (item: Element) => item.closest('.popup__row')
