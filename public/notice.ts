import { element } from './page.ts'

const LONG_ENOUGH = 6000

let timer = 0

/** Tells how something went, for a moment, at the foot of the page. */
export function tell(text: string): void {
  const notice = element('notice')
  clearTimeout(timer)
  notice.textContent = text
  timer = setTimeout(() => {
    notice.textContent = ''
  }, LONG_ENOUGH)
}
