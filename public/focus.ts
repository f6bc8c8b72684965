import { enterFirstRegion, enterRegion } from './regions.ts'

/** An element on the way from what has the focus up to the page, and its neighbours. */
interface Step {
  element: HTMLElement
  next: Element | null
  previous: Element | null
}

/** Where the focus is. What lies over the page remembers where it was before. */
interface Place {
  steps: Step[]
  layer: Element | null
  outer: Place | undefined
}

const LAYERS = 'dialog, .overlay'
const FOCUSABLE = 'a[href], button, input, textarea, [tabindex]'

let place: Place | undefined

/**
 * Whoever uses the keyboard or a screen reader must not be thrown to the top of the page because what had the focus is
 * gone: deleted, left, closed, moved to another place in a list. The focus goes to the neighbour in the list, else to
 * the nearest thing around it that can have it.
 */
export function keepFocus(): void {
  document.addEventListener('focusin', ({ target }) => {
    place = placeOf(target as HTMLElement)
  })
  document.addEventListener(
    'pointerdown',
    ({ target }) => {
      // A click beside everything means to leave it.
      if (!(target as Element).closest(LAYERS)) place = undefined
    },
    { capture: true },
  )
  const observer = new MutationObserver(follow)
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['hidden'] })
}

function placeOf(target: HTMLElement): Place {
  const layer = target.closest(LAYERS)
  const steps: Step[] = []
  for (let element: HTMLElement | null = target; element && element !== document.body; ) {
    steps.push({ element, next: element.nextElementSibling, previous: element.previousElementSibling })
    element = element === layer ? null : element.parentElement
  }
  const outer = layer ? (place?.layer === layer ? place.outer : place) : undefined
  return { steps, layer, outer }
}

function follow(records: MutationRecord[]): void {
  const lost = place?.steps[0]?.element
  const { activeElement } = document
  const isHidden =
    records.some(({ type }) => type === 'attributes') && activeElement && !isThere(activeElement)
  if (!lost || (activeElement !== document.body && !isHidden)) return
  const wasMoved = records.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(lost)))
  if (isThere(lost) && !wasMoved) return
  for (let at = place; at; at = at.outer) if (at.steps.some(take)) return
  enterFirstRegion()
}

const isThere = (element: Element): boolean => element.isConnected && element.checkVisibility()

function take({ element, next, previous }: Step): boolean {
  if (element.matches('li, article') && !element.isConnected) return within(next) || within(previous)
  if (element.matches(LAYERS)) return within(element)
  return focused(element) || enterRegion(element)
}

function within(item: Element | null): boolean {
  return focused(item) || focused([...(item?.querySelectorAll(FOCUSABLE) ?? [])].find(isThere))
}

function focused(element: Element | null | undefined): boolean {
  if (!(element instanceof HTMLElement) || !isThere(element)) return false
  element.focus({ preventScroll: true })
  return element === document.activeElement
}
