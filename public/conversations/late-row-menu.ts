import { onLongPress } from '../messages/long-press.ts'
import type { State } from '../state.ts'

/** The menu of a row, by its button, a right click, the menu key or a long press; loaded when it is wanted. */
export function followRowMenu(list: HTMLElement, state: State): void {
  list.addEventListener('click', ({ target }) => {
    const button = (target as Element).closest('.row__more')
    if (button) open(state, button)
  })
  list.addEventListener('contextmenu', (event) => {
    const target = event.target as Element
    event.preventDefault()
    // A long press has opened it already; the menu key has no coordinates.
    if ((event as PointerEvent).pointerType === 'touch') return
    const isKey = event.button !== 2 && !event.clientX
    open(state, target, isKey ? undefined : new DOMRect(event.clientX, event.clientY, 0, 0))
  })
  onLongPress(list, (target) => {
    navigator.vibrate?.(10)
    open(state, target)
    return true
  })
}

/** @param place undefined: beside the button */
function open(state: State, target: Element, place?: DOMRect): void {
  const row = target.closest<HTMLElement>('.row')
  const beside = place ?? row?.querySelector('.row__more')
  if (row && beside)
    void import('./row-menu.ts').then(({ openRowMenu }) =>
      openRowMenu(state, Number(row.dataset.key), beside),
    )
}
