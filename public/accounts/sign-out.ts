import { forgetAllKept } from '../conversations/kept.ts'
import { page } from '../page.ts'

/** Other tabs hear of signing out by it; it is gone at once. */
const SIGNAL = 'rozmowa.signed-out'

/** Signing out must not hang on a store that does not answer. Milliseconds. */
const maxWaitMs = 1000

/** Signing out leaves nothing of this member in the browser: no drafts, nothing to be sent, nothing to be read. */
export function followSignOut(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (form.getAttribute('action') !== '/wylogowanie') return
    event.preventDefault()
    const late = new Promise((resolve) => setTimeout(resolve, maxWaitMs))
    void Promise.race([forgetForGood(), late]).finally(() => form.submit())
    tellOtherTabs()
  })
  addEventListener('storage', ({ key, newValue }) => key === SIGNAL && newValue && void forgetForGood())
}

function tellOtherTabs(): void {
  try {
    localStorage.setItem(SIGNAL, '1')
    localStorage.removeItem(SIGNAL)
  } catch {
    // They hear of it when their stream ends.
  }
}

/** Whoever keeps what is typed does so once more as the page goes. */
async function forgetForGood(): Promise<void> {
  forget()
  addEventListener('pagehide', forget)
  await forgetAllKept()
}

function forget(): void {
  const mine = new RegExp(`^rozmowa\\.\\w+\\.${page.me.id}\\.`)
  for (const key of Object.keys(localStorage)) if (mine.test(key)) localStorage.removeItem(key)
}
