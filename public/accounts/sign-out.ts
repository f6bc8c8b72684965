import { page } from '../page.ts'

/** Signing out leaves nothing of this member in the browser: no drafts, nothing that waits to be sent. */
export function followSignOut(): void {
  document.addEventListener('submit', ({ target }) => {
    if ((target as HTMLFormElement).getAttribute('action') !== '/wylogowanie') return
    forget()
    // Whoever keeps what is typed does so once more as the page goes.
    addEventListener('pagehide', forget)
  })
}

function forget(): void {
  const mine = new RegExp(`^rozmowa\\.\\w+\\.${page.me.id}\\.`)
  for (const key of Object.keys(localStorage)) if (mine.test(key)) localStorage.removeItem(key)
}
