import { closeLayers, onNavigation, onPageEntry } from '../back.ts'

/** What is open, the list or a conversation, as the address bar has it. */
export class Navigation {
  #show: (id: number | undefined) => void

  constructor(show: (id: number | undefined) => void) {
    this.#show = show
    onNavigation(() => show(idInAddress()))
    document.addEventListener('click', (event) => this.#click(event))
  }

  get id(): number | undefined {
    return idInAddress()
  }

  open(id: number): void {
    closeLayers()
    onPageEntry(() => {
      const fromList = this.id === undefined
      if (id !== this.id) history.pushState({ fromList }, '', `/wiadomosci/${id}`)
      this.#show(id)
    })
  }

  /** To the list: by the browser's history when the reader came from there. */
  back(): void {
    closeLayers()
    onPageEntry(() => {
      if (history.state?.fromList) return history.back()
      history.replaceState(null, '', '/wiadomosci')
      this.#show(undefined)
    })
  }

  #click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return
    const target = event.target as Element
    const link = target.closest<HTMLElement>('a[data-conversation-id]')
    const back = target.closest('[data-action="back"], [data-action="home"]')
    if (!link && !back) return
    event.preventDefault()
    if (link) this.open(Number(link.dataset.conversationId))
    else this.back()
  }
}

function idInAddress(): number | undefined {
  const id = /^\/wiadomosci\/([1-9]\d*)$/.exec(location.pathname)?.[1]
  return id ? Number(id) : undefined
}
