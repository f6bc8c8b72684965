import { scope } from './scope.ts'

/** Shows a conversation in a tab that is open, best in one that shows it already, or in a new one. */
export async function focusPage(conversationId: number): Promise<void> {
  const path = `/wiadomosci/${conversationId}`
  const all = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const pages = all.filter(({ url }) => /^\/wiadomosci(\/\d+)?$/.test(new URL(url).pathname))
  const page =
    pages.find(({ url }) => new URL(url).pathname === path) ??
    pages.find(({ visibilityState }) => visibilityState === 'visible') ??
    pages[0]
  if (!page) return void (await scope.clients.openWindow(path))
  page.postMessage({ kind: 'open', conversation_id: conversationId })
  await page.focus()
}
