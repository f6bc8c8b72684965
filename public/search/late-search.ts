import type { Navigation } from '../conversations/navigation.ts'
import { whenIdle } from '../idle.ts'
import { isComposing } from '../keys.ts'
import { element } from '../page.ts'
import type { State } from '../state.ts'
import type { Search } from './search.ts'

/** The search, loaded after the first paint, or as soon as it is needed. Until then its form asks the server. */
export class LateSearch {
  /** Undefined until it is loaded. */
  loaded: Search | undefined
  #state: State
  #navigation: Navigation

  constructor(state: State, navigation: Navigation) {
    this.#state = state
    this.#navigation = navigation
    const box = element<HTMLInputElement>('search')
    const loadSoon = () => void this.load().catch(() => {})
    box.addEventListener('focus', loadSoon, { once: true })
    if (box.value || document.activeElement === box) loadSoon()
    else whenIdle(loadSoon)
    addEventListener('keydown', (event) => void this.#shortcut(event).catch(() => box.focus()))
  }

  async load(): Promise<Search> {
    const { Search } = await import('./search.ts')
    this.loaded ??= new Search(this.#state, this.#navigation)
    return this.loaded
  }

  /** Ctrl+K, or Cmd+K. */
  async #shortcut(event: KeyboardEvent): Promise<void> {
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event
    if (key.toLowerCase() !== 'k' || ctrlKey === metaKey || shiftKey || altKey || isComposing(event)) return
    event.preventDefault()
    if (document.querySelector('dialog:modal, .overlay')) return
    // At once, if it can: what is typed next is meant for it.
    const search = this.loaded ?? (await this.load())
    search.focus()
  }
}
