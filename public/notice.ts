import { element } from './page.ts'

const noticeMs = 6000

let timer = 0

interface NoticeAction {
  label: string
  act(): void
}

/** Shows a message at the foot of the page for a few seconds. */
export function showNotice(text: string, action?: NoticeAction): void {
  const notice = element('notice')
  clearTimeout(timer)
  notice.textContent = text
  if (action) notice.append(' ', button(action))
  timer = setTimeout(() => {
    notice.textContent = ''
  }, noticeMs)
}

function button({ label, act }: NoticeAction): HTMLElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = label
  made.addEventListener('click', () => {
    element('notice').textContent = ''
    act()
  })
  return made
}
