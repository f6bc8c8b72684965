import { request } from '../api.ts'
import type { RequestOptions } from '../http.ts'
import { page } from '../page.ts'
import { isOn, turn } from './device.ts'

/** When the service last learned of the subscription; signing out removes it, and ends the subscription. */
const toldKey = `rozmowa.push.${page.me.id}.told`
/** As browsers have it; their types leave open what is in it. */
type SubscriptionBody = RequestOptions<'POST /api/push/subscriptions'>['body']
const dayMs = 24 * 60 * 60 * 1000

/** Has messages pushed to this browser. @throws when the browser or the service refuses */
export async function subscribe(): Promise<void> {
  const { key } = await request('GET /api/push/key', {})
  const { pushManager } = await navigator.serviceWorker.ready
  const before = await pushManager.getSubscription()
  // It is bound to the key it was made with.
  if (before && keyOf(before) !== key) await before.unsubscribe()
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  await request('POST /api/push/subscriptions', { body: subscription.toJSON() as SubscriptionBody })
  localStorage.setItem(toldKey, JSON.stringify({ endpoint: subscription.endpoint, at: Date.now() }))
  turn('push', true)
}

/** @throws when the service does not answer */
export async function unsubscribe(): Promise<void> {
  turn('push', false)
  localStorage.removeItem(toldKey)
  const { pushManager } = await navigator.serviceWorker.ready
  const subscription = await pushManager.getSubscription()
  if (!subscription) return
  await subscription.unsubscribe()
  await request('DELETE /api/push/subscriptions', { body: { endpoint: subscription.endpoint } })
}

/** Whoever has chosen it stays subscribed: after signing in again, with a new key, when the browser has given it up. */
export async function keepSubscribed(): Promise<void> {
  if (!isOn('push') || Notification.permission !== 'granted') return
  const { pushManager } = await navigator.serviceWorker.ready
  const { endpoint, at } = JSON.parse(localStorage.getItem(toldKey) ?? '{}')
  const current = (await pushManager.getSubscription())?.endpoint
  if (!current || current !== endpoint || !(Date.now() - at < dayMs)) await subscribe()
}

function keyOf({ options }: PushSubscription): string {
  const bytes = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer())
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
