interface Layer {
  close(): void
  /** Elements tell a moment later that they were closed. */
  isOpen(): boolean
}

/** What lies over the page now, the topmost last: menus, sheets, dialogs, pictures, on a phone the details. */
const layers: Layer[] = []

/**
 * Each layer has an entry above the page's own in the browser's history, numbered from 1, so that Back closes the
 * topmost and leaves the page only when nothing lies over it. A layer that was closed otherwise leaves its entry
 * behind: the next one takes it over, and going back passes it by.
 */
const here = () => ({
  path: location.pathname,
  entry: ((history.state as { layer?: number } | null)?.layer ?? 0) as number,
})

let last = here()
let atPage: (() => void) | undefined
let navigated = () => {}

/** @param story what to do when Back or Forward has led to another page of this one */
export function onNavigation(story: () => void): void {
  navigated = story
}

/** Lays something over the page. @param close called when Back closes it @returns to be called when it has closed */
export function lay(close: () => void, isOpen = () => true): () => void {
  const layer = { close, isOpen }
  dropClosed()
  layers.push(layer)
  addEntries()
  return () => {
    const index = layers.indexOf(layer)
    if (index >= 0) layers.splice(index, 1)
  }
}

function dropClosed(): void {
  for (const layer of layers.filter((each) => !each.isOpen())) layers.splice(layers.indexOf(layer), 1)
}

/** Closes whatever lies over the page. */
export function closeLayers(above = 0): void {
  while (layers.length > above) layers.pop()?.close()
}

/** Runs a story that changes the page's own entry, or leaves it, once the history is there. */
export function onPageEntry(story: () => void): void {
  const { entry } = here()
  if (!entry) return enter(story)
  const earlier = atPage
  atPage = () => {
    earlier?.()
    story()
  }
  if (!earlier) history.go(-entry)
}

function enter(story: () => void): void {
  story()
  addEntries()
  last = here()
}

function addEntries(): void {
  for (let { entry } = here(); entry < layers.length; entry++)
    history.pushState({ ...history.state, layer: entry + 1 }, '')
  last = here()
}

addEventListener('popstate', () => {
  const before = last
  last = here()
  dropClosed()
  const story = atPage
  atPage = undefined
  if (story) return enter(story)
  if (before.path !== last.path) {
    closeLayers()
    navigated()
  } else if (last.entry < before.entry) {
    if (layers.length) closeLayers(Math.min(last.entry, layers.length - 1))
    // What had this entry is closed already: who goes back means the page before.
    else history.go(-last.entry - 1)
  }
})

// A menu of the page itself opens and closes without us.
document.addEventListener(
  'toggle',
  (event) => {
    const { target, newState } = event as ToggleEvent & { target: HTMLElement }
    if (target.popover !== 'auto' || newState !== 'open') return
    const closed = lay(
      () => target.hidePopover(),
      () => target.matches(':popover-open'),
    )
    target.addEventListener('beforetoggle', closed, { once: true })
  },
  { capture: true },
)
