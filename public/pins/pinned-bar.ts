import type { Message } from '../../server/contract/messages.ts'
import type { Pin } from '../../server/contract/pins.ts'
import { api } from '../api.ts'
import type { Host } from '../messages/host.ts'
import { morph } from '../morph.ts'
import { element } from '../page.ts'
import { render, toElement } from '../render.ts'

/** The bar under the header, with the newest pin and the number of pins. */
export class PinnedBar {
  #host: Host
  #pins: Pin[]
  #signal: AbortSignal
  #bar = element('pins')
  #timer = 0

  constructor(host: Host, pins: Pin[], signal: AbortSignal) {
    this.#host = host
    this.#pins = pins
    this.#signal = signal
    this.#bar.addEventListener('click', (event) => this.#click(event))
    this.#draw()
  }

  get all(): Pin[] {
    return this.#pins
  }

  /** A message was pinned or unpinned, or one of the pinned ones changed. */
  changed(message_id: number, wasPinned: boolean): void {
    if (!wasPinned && !this.#pins.some((pin) => pin.message.id === message_id)) return
    this.refresh()
  }

  refresh(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#load(), 100)
  }

  async #load(): Promise<void> {
    try {
      const { pins } = await api.pins(this.#host.conversation().id, this.#signal)
      this.#pins = pins
      this.#draw()
    } catch {
      // The next change or connection retries.
    }
  }

  #draw(): void {
    const wanted = this.#pins.length ? toElement(render('pins/bar', { pins: this.#pins })) : undefined
    const now = this.#bar.firstElementChild
    if (now && wanted) morph(now, wanted)
    else this.#bar.replaceChildren(...(wanted ? [wanted] : []))
  }

  #click({ target }: MouseEvent): void {
    const jump = (target as Element).closest<HTMLElement>('[data-jump]')?.dataset.jump
    if (jump) this.#host.show(Number(jump))
    else if ((target as Element).closest('[data-action="pins"]')) void this.#list()
  }

  async #list(): Promise<void> {
    const { openPins } = await import('./list.ts')
    openPins(this.#host, this.#pins, (message: Message) => {
      this.#pins = this.#pins.filter((pin) => pin.message.id !== message.id)
      this.#draw()
    })
  }
}
