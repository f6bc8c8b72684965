import { enterFirstRegion, enterRegion } from './regions.ts'

/** An ancestor of the focused element, or that element, with its neighbours. */
interface Step {
  element: HTMLElement
  next: Element | null
  previous: Element | null
}

/** Where the focus is; `outer`, where it was before the layer opened. */
interface Place {
  steps: Step[]
  layer: Element | null
  outer: Place | undefined
}

const layerSelector = 'dialog, .overlay'
const focusableSelector = 'a[href], button, input, textarea, [tabindex]'

let place: Place | undefined

/**
 * When the focused element is deleted, closed or moved, browsers throw keyboard and screen reader users back to the top
 * of the page. Instead the focus goes to the neighbour in the list, else to the nearest focusable thing around it.
 */
export function keepFocus(): void {
  const { activeElement } = document
  if (activeElement && activeElement !== document.body) place = placeOf(activeElement as HTMLElement)
  document.addEventListener('focusin', ({ target }) => {
    place = placeOf(target as HTMLElement)
  })
  document.addEventListener(
    'pointerdown',
    ({ target }) => {
      // A click on the page outside any layer gives the focus up on purpose.
      if (!(target as Element).closest(layerSelector)) place = undefined
    },
    { capture: true },
  )
  const observer = new MutationObserver(follow)
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['hidden'] })
}

function placeOf(target: HTMLElement): Place {
  const layer = target.closest(layerSelector)
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
    records.some(({ type }) => type === 'attributes') && activeElement && !isVisible(activeElement)
  if (!lost || (activeElement !== document.body && !isHidden)) return
  const wasMoved = records.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(lost)))
  if (isVisible(lost) && !wasMoved) return
  for (let at = place; at; at = at.outer) if (at.steps.some(takeFocus)) return
  enterFirstRegion()
}

const isVisible = (element: Element): boolean => element.isConnected && element.checkVisibility()

function takeFocus({ element, next, previous }: Step): boolean {
  if (element.matches('li, article') && !element.isConnected)
    return focusWithin(next) || focusWithin(previous)
  if (element.matches(layerSelector)) return focusWithin(element)
  return focusOn(element) || enterRegion(element)
}

function focusWithin(item: Element | null): boolean {
  return focusOn(item) || focusOn([...(item?.querySelectorAll(focusableSelector) ?? [])].find(isVisible))
}

function focusOn(element: Element | null | undefined): boolean {
  if (!(element instanceof HTMLElement) || !isVisible(element)) return false
  element.focus({ preventScroll: true })
  return element === document.activeElement
}
