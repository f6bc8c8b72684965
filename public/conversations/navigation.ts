import { closeLayers, onNavigation, onPageEntry } from '../back.ts'

/** What is open, the list or a conversation, as the address bar has it. */
export class Navigation {
  #show: (id: number | undefined, messageId?: number) => void

  /** @param show called with the message that a link leads to, if it leads to one */
  constructor(show: (id: number | undefined, messageId?: number) => void) {
    this.#show = show
    onNavigation(() => show(this.id))
    document.addEventListener('click', (event) => this.#click(event))
  }

  get id(): number | undefined {
    return idIn(location)
  }

  /** @param messageId of a message in it to be shown */
  open(id: number, messageId?: number): void {
    closeLayers()
    onPageEntry(() => {
      const fromList = this.id === undefined
      if (id !== this.id) history.pushState({ fromList }, '', `/wiadomosci/${id}`)
      this.#show(id, messageId)
    })
  }

  /** To the list, from where Back leads to the conversation again. @param then called when it is shown */
  toList(then: () => void): void {
    closeLayers()
    onPageEntry(() => {
      if (this.id !== undefined) history.pushState(null, '', '/wiadomosci')
      this.#show(undefined)
      then()
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
    const link = target.closest<HTMLAnchorElement>('a[href]')
    const url = link && new URL(link.href)
    // In a list, or in a message that somebody has sent.
    const id = url?.origin === location.origin ? idIn(url) : undefined
    const back = target.closest('[data-action="back"], [data-action="home"]')
    if (!id && !back) return
    event.preventDefault()
    if (id) this.open(id, Number(url?.searchParams.get('wiadomosc')) || undefined)
    else this.back()
  }
}

function idIn({ pathname }: { pathname: string }): number | undefined {
  const id = /^\/wiadomosci\/([1-9]\d*)$/.exec(pathname)?.[1]
  return id ? Number(id) : undefined
}
