/** The regions in the order of F6, each with what to focus in it: the first that is there. */
const regions: [region: string, ...goals: string[]][] = [
  ['.side', '#rows a[tabindex="0"]', '#found li > [tabindex="0"]', '#search'],
  ['#log-area', '#log article[tabindex="0"]', '#log'],
  ['#composer', '#composer-input [contenteditable]', '#composer-input textarea'],
  ['.panel-state', '.panel-state button', '.panel-state a'],
  ['#details', '#details'],
]

const isShown = <E extends Element>(element: E | null): element is E => element?.checkVisibility() ?? false

/** F6 moves to the next region, Shift+F6 to the previous one. */
export function followRegions(): void {
  addEventListener('keydown', (event) => {
    if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return
    if (document.querySelector('dialog:modal, .overlay')) return
    event.preventDefault()
    const shown = regions.filter(([region]) => isShown(document.querySelector(region)))
    const now = shown.findIndex(([region]) => document.activeElement?.closest(region))
    const step = event.shiftKey ? -1 : 1
    const start = now < 0 && event.shiftKey ? 0 : now
    const next = shown.at((start + step) % shown.length)
    if (next) enterRegion(document.querySelector(next[0]))
  })
}

/** @returns whether the element is a region and got the focus */
export function enterRegion(element: Element | null): boolean {
  const [, ...goals] = regions.find(([region]) => element?.matches(region)) ?? []
  const goal = goals.map((selector) => document.querySelector<HTMLElement>(selector)).find(isShown)
  goal?.focus({ preventScroll: true })
  return goal !== undefined && goal === document.activeElement
}

export function enterFirstRegion(): void {
  regions.some(([selector]) => enterRegion(document.querySelector(selector)))
}
