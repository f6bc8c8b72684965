const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 }

/** Tabs, of which one is chosen: by a click, the arrows, Home or End. @param chosen called with its `data-tab` */
export function followTabs(list: HTMLElement, chosen: (tab: string) => void): void {
  const tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"]')]

  function choose(tab: HTMLElement): void {
    for (const each of tabs) {
      each.ariaSelected = String(each === tab)
      each.tabIndex = each === tab ? 0 : -1
    }
    tab.focus()
    chosen(tab.dataset.tab ?? '')
  }

  list.addEventListener('click', ({ target }) => {
    const tab = (target as Element).closest<HTMLElement>('[role="tab"]')
    if (tab) choose(tab)
  })
  list.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const now = tabs.findIndex(({ ariaSelected }) => ariaSelected === 'true')
    const step = steps[event.key]
    const goal = step ? tabs.at((now + step) % tabs.length) : { Home: tabs[0], End: tabs.at(-1) }[event.key]
    if (!goal) return
    event.preventDefault()
    choose(goal)
  })
}
