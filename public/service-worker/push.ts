import type { PushPayload } from '../../server/contract/push.ts'
import { clearWithdrawn } from './read-elsewhere.ts'
import { scope } from './scope.ts'
import { focusPage } from './tabs.ts'

scope.addEventListener('push', (event) => {
  const payload = event.data?.json() as PushPayload | undefined
  if (payload) event.waitUntil(show(payload))
})

/** Silently when the page has notified of it already; not at all is not allowed. */
async function show({ conversation_id, message_id, title, body, unread_count }: PushPayload): Promise<void> {
  const tag = `conversation-${conversation_id}`
  const before = await scope.registration.getNotifications({ tag })
  const isKnown = before.some(({ data }) => data?.message_id >= message_id)
  const options = { body, tag, icon: '/icons/192.png', badge: '/icons/badge-96.png', silent: isKnown }
  // A system line is in no count, so no count says that it was read.
  const data = { conversation_id, message_id, counts: unread_count > 0 }
  await scope.registration.showNotification(title, { ...options, data, ...(!isKnown && { renotify: true }) })
  await clearWithdrawn(conversation_id)
}

scope.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(focusPage(event.notification.data?.conversation_id))
})

scope.addEventListener('pushsubscriptionchange', (event) => (event as ExtendableEvent).waitUntil(renew()))

/** The browser has given up the subscription: the service gets a new one. */
async function renew(): Promise<void> {
  const answer = await fetch('/api/push/key')
  if (!answer.ok) return
  const { key } = (await answer.json()) as { key: string }
  const { pushManager } = scope.registration
  const renewed = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  await fetch('/api/push/subscriptions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(renewed),
  })
}

/** The service forgets the subscription with the session. */
export async function forgetPushes(): Promise<void> {
  // Without it there is nothing to forget; some browsers have none of it, and one without windows would crash.
  if (globalThis.Notification?.permission !== 'granted') return
  for (const each of await scope.registration.getNotifications()) each.close()
  await navigator.clearAppBadge?.().catch(() => {})
  const subscription = await scope.registration.pushManager?.getSubscription()
  await subscription?.unsubscribe()
}
