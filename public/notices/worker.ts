import type { Navigation } from '../conversations/navigation.ts'
import { keepSubscribed } from './push.ts'

/** The page comes first: what the worker fetches would be in its way. */
const delayMs = 4000

/** Registers the service worker, and has it keep what the page needs without a network. */
export function startWorker(navigation: Navigation): void {
  if (!navigator.serviceWorker) return
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (data?.kind === 'open') navigation.open(data.conversation_id)
  })
  const start = () =>
    void register()
      .then(keepSubscribed)
      .catch(() => {})
  setTimeout(start, delayMs)
}

/** At once for whoever wants pushes. */
export async function register(): Promise<void> {
  await navigator.serviceWorker.register('/sw.js')
  const { active } = await navigator.serviceWorker.ready
  active?.postMessage({ kind: 'keep-shell' })
}
