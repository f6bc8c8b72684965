import { clearCache } from '../conversations/offline-cache.ts'
import { page } from '../page.ts'

/** Set and removed at once: the `storage` event notifies other tabs. */
const signalKey = 'rozmowa.signed-out'

/** Signing out must not hang on an IndexedDB that does not answer. */
const maxWaitMs = 1000

/** Signing out leaves nothing of this member in the browser: no drafts, no outbox, no offline copies. */
export function followSignOut(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (form.getAttribute('action') !== '/wylogowanie') return
    event.preventDefault()
    const late = new Promise((resolve) => setTimeout(resolve, maxWaitMs))
    void Promise.race([forgetForGood(), late]).finally(() => form.submit())
    notifyOtherTabs()
  })
  addEventListener('storage', ({ key, newValue }) => key === signalKey && newValue && void forgetForGood())
}

function notifyOtherTabs(): void {
  try {
    localStorage.setItem(signalKey, '1')
    localStorage.removeItem(signalKey)
  } catch {
    // Storage is forbidden: they notice when their stream ends.
  }
}

/** Once more on `pagehide`: the composer saves its draft then. */
async function forgetForGood(): Promise<void> {
  forget()
  addEventListener('pagehide', forget)
  await clearCache()
}

function forget(): void {
  const mine = new RegExp(`^rozmowa\\.\\w+\\.${page.me.id}\\.`)
  for (const key of Object.keys(localStorage)) if (mine.test(key)) localStorage.removeItem(key)
}
