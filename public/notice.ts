import { element } from './page.ts'

const LONG_ENOUGH = 6000

let timer = 0

/** What can be done about it, while it is told. */
interface Offer {
  label: string
  act(): void
}

/** Tells how something went, for a moment, at the foot of the page. */
export function tell(text: string, offer?: Offer): void {
  const notice = element('notice')
  clearTimeout(timer)
  notice.textContent = text
  if (offer) notice.append(' ', button(offer))
  timer = setTimeout(() => {
    notice.textContent = ''
  }, LONG_ENOUGH)
}

function button({ label, act }: Offer): HTMLElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = label
  made.addEventListener('click', () => {
    element('notice').textContent = ''
    act()
  })
  return made
}
