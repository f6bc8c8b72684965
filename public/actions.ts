import type { Navigation } from './conversations/navigation.ts'
import type { LateKept } from './kept/late-kept.ts'
import type { Panel } from './panel.ts'
import type { PersonCard } from './people/card.ts'
import type { LateSearch } from './search/late-search.ts'
import { followShortcuts } from './shortcuts/follow.ts'
import type { Shortcut } from './shortcuts/shortcut.ts'
import type { State } from './state.ts'

interface Around {
  state: State
  panel: Panel
  navigation: Navigation
  search: LateSearch
  kept: LateKept
  draw(): void
}

const isDialogOpen = () => document.querySelector('dialog[open]') !== null
const closeAccountMenu = () => document.getElementById('account')?.hidePopover()

/** What the page's own buttons (`data-action`) and shortcuts open; most of it is loaded only then. */
export class Actions {
  #around: Around
  #card: PersonCard | undefined

  constructor(around: Around) {
    this.#around = around
    document.addEventListener('click', ({ target }) => this.#click(target as Element))
    followShortcuts((shortcut) => void this.#act(shortcut))
  }

  draw(): void {
    this.#card?.draw()
  }

  #click(target: Element): void {
    const button = target.closest<HTMLElement>('[data-action]')
    if (button) this.#press(button.dataset.action, button)
    const name = target.closest<HTMLElement>('[data-person]')
    if (name) void this.#openCard(name)
  }

  #press(action: string | undefined, button: HTMLElement): void {
    const { panel, navigation, kept, draw } = this.#around
    if (action === 'later') void kept.openLater(button)
    if (action === 'new') void this.#openNew()
    if (action === 'again') void panel.show(navigation.id).finally(draw)
    if (action === 'details') void panel.toggleDetails()
    if (action === 'shared') void panel.openShared()
    if (action === 'settings') void this.#openSettings()
    if (action === 'shortcuts') void this.#act('help')
    if (action === 'starred') void this.#openStarred()
    if (action === 'dates' || action === 'search-here') panel.uncover()
    if (action === 'search-here') void this.#searchHere()
    if (action === 'dates') void this.#openDates(button.closest<HTMLElement>('[data-day]')?.dataset.day)
  }

  async #openCard(name: HTMLElement): Promise<void> {
    const { panel, state, navigation } = this.#around
    const person = panel.open?.person(Number(name.dataset.person))
    if (!person) return
    const { PersonCard } = await import('./people/card.ts')
    this.#card = new PersonCard(person, name, state, navigation)
  }

  async #openNew(): Promise<void> {
    const { openNew } = await import('./conversations/new.ts')
    // As after a double click: the second one came before the part was loaded.
    if (isDialogOpen()) return
    openNew((conversation) => {
      this.#around.state.conversations.put(conversation)
      this.#around.navigation.open(conversation.id)
    })
  }

  async #searchHere(): Promise<void> {
    const here = this.#around.panel.open?.conversation()
    if (here) (await this.#around.search.load()).within(here)
  }

  /** @param day from which the dialog starts, YYYY-MM-DD; the present one, if undefined */
  async #openDates(day?: string): Promise<void> {
    const { openDateDialog } = await import('./messages/dates.ts')
    const { open } = this.#around.panel
    if (open && !isDialogOpen()) openDateDialog(open, day)
  }

  async #openSettings(): Promise<void> {
    closeAccountMenu()
    const [{ openSettings }, { refreshOwnSettings }] = await Promise.all([
      import('./accounts/settings.ts'),
      import('./accounts/own-settings.ts'),
    ])
    await refreshOwnSettings(0)
    if (!isDialogOpen()) openSettings()
  }

  async #openStarred(): Promise<void> {
    closeAccountMenu()
    const { openStarred } = await import('./stars/list.ts')
    if (!isDialogOpen()) openStarred((id, change) => this.#around.panel.open?.patch(id, change))
  }

  async #openHelp(): Promise<void> {
    closeAccountMenu()
    const { openShortcuts } = await import('./shortcuts/help.ts')
    if (!isDialogOpen()) openShortcuts()
  }

  async #act(shortcut: Shortcut): Promise<void> {
    if (shortcut === 'new') return this.#openNew()
    if (shortcut === 'help') return this.#openHelp()
    const { openNeighbour } = await import('./shortcuts/neighbour.ts')
    return openNeighbour(shortcut, this.#around.state, this.#around.navigation)
  }
}
