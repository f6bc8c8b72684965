interface Layer {
  close(): void
  /** Asked as well, because elements report with a delay that they were closed. */
  isOpen(): boolean
}

/** What lies over the page, topmost last: menus, sheets, dialogs, pictures, on a phone the details. */
const layers: Layer[] = []

/**
 * Each layer has an entry in the browser's history above the page's own, numbered from 1, so that Back closes the
 * topmost layer and leaves the page only when there is none. A layer closed in another way leaves its entry behind:
 * the next layer reuses it, and going back skips it.
 */
const currentEntry = () => ({
  path: location.pathname,
  entry: ((history.state as { layer?: number } | null)?.layer ?? 0) as number,
})

let last = currentEntry()
let whenAtPage: (() => void) | undefined
let navigationCallback = () => {}

/** @param callback runs when Back or Forward has led to another conversation or the list */
export function onNavigation(callback: () => void): void {
  navigationCallback = callback
}

/** @param close called when Back closes the layer @returns to be called when it has been closed otherwise */
export function pushLayer(close: () => void, isOpen = () => true): () => void {
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

export function closeLayers(above = 0): void {
  while (layers.length > above) layers.pop()?.close()
}

/** Runs what changes or leaves the page's own entry once the history is back at that entry. */
export function onPageEntry(callback: () => void): void {
  const { entry } = currentEntry()
  if (!entry) return enter(callback)
  const earlier = whenAtPage
  whenAtPage = () => {
    earlier?.()
    callback()
  }
  if (!earlier) history.go(-entry)
}

function enter(callback: () => void): void {
  callback()
  addEntries()
  last = currentEntry()
}

function addEntries(): void {
  for (let { entry } = currentEntry(); entry < layers.length; entry++)
    history.pushState({ ...history.state, layer: entry + 1 }, '')
  last = currentEntry()
}

addEventListener('popstate', () => {
  const before = last
  last = currentEntry()
  dropClosed()
  const callback = whenAtPage
  whenAtPage = undefined
  if (callback) return enter(callback)
  if (before.path !== last.path) {
    closeLayers()
    navigationCallback()
  } else if (last.entry < before.entry) {
    if (layers.length) closeLayers(Math.min(last.entry, layers.length - 1))
    // The layer of this entry is closed already, so Back means the previous page.
    else history.go(-last.entry - 1)
  }
})

// Popovers in the page's own HTML open and close without us.
document.addEventListener(
  'toggle',
  (event) => {
    const { target, newState } = event as ToggleEvent & { target: HTMLElement }
    if (target.popover !== 'auto' || newState !== 'open') return
    const closed = pushLayer(
      () => target.hidePopover(),
      () => target.matches(':popover-open'),
    )
    target.addEventListener('beforetoggle', closed, { once: true })
  },
  { capture: true },
)
