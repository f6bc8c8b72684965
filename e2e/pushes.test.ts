import type { Worker } from 'playwright'
import { expect } from 'playwright/test'
import { test } from 'vitest'
import type { PushPayload } from '../server/contract/push.ts'
import { PushService } from '../server/testing/push-service.ts'
import { startService } from '../server/testing/service.ts'
import { Visitor, visitor } from './people.ts'

const pushes = await PushService.start()
const service = await startService({ LINK_PREVIEW_ALLOW_HOSTS: pushes.host })
const { anna, bartek, celina, dawid } = service
const { sql } = await import('../server/db/client.ts')

interface Notice {
  title: string
  body: string
  tag: string
  silent: boolean
  data: object
  close(): void
}

/** Has the browser's push service deliver a message to the service worker, as while the page is closed. */
async function deliver(here: Visitor, payload: PushPayload): Promise<void> {
  const devtools = await here.page.context().newCDPSession(here.page)
  const registered = new Promise<string>((resolve) =>
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId)
    }),
  )
  await devtools.send('ServiceWorker.enable')
  const data = JSON.stringify(payload)
  const { origin } = new URL(service.address)
  await devtools.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data })
  await devtools.detach()
}

/** Of the system there is none here: what would be in it, newest last. */
function recordTray(): void {
  const { registration } = self as unknown as ServiceWorkerGlobalScope
  const tray: Notice[] = []
  Object.assign(self, { tray })
  const close = (tag: string) => {
    const index = tray.findIndex((each) => each.tag === tag)
    if (index >= 0) tray.splice(index, 1)
  }
  registration.showNotification = async (title: string, options: Omit<Notice, 'title' | 'close'>) => {
    close(options.tag)
    tray.push({ title, ...options, close: () => close(options.tag) })
  }
  registration.getNotifications = async ({ tag }: { tag?: string } = {}) =>
    tray.filter((each) => !tag || each.tag === tag)
}

/** What is used of it; its types would be those of workers, for all of these tests. */
interface ServiceWorkerGlobalScope {
  tray: Notice[]
  registration: { showNotification: unknown; getNotifications: unknown }
}

async function workerOf(here: Visitor): Promise<Worker> {
  await here.page.evaluate(() => navigator.serviceWorker.register('/sw.js'))
  await here.page.evaluate(async () => (await navigator.serviceWorker.ready).scope)
  const [worker] = here.page.context().serviceWorkers()
  await worker!.evaluate(recordTray)
  return worker!
}

const shown = (worker: Worker) =>
  worker.evaluate(() =>
    (self as unknown as ServiceWorkerGlobalScope).tray.map(({ body, tag, silent }) => ({
      body,
      tag,
      silent,
    })),
  )

const click = (worker: Worker) =>
  worker.evaluate(() => {
    const [notification] = (self as unknown as ServiceWorkerGlobalScope).tray
    dispatchEvent(Object.assign(new Event('notificationclick'), { notification, waitUntil() {} }))
  })

const payload = (conversation_id: number, message_id: number, body: string): PushPayload => ({
  ...{ type: 'message', title: 'Anna Kowalska', conversation_id, message_id, body, unread_count: 1 },
  url: `${service.address}/wiadomosci/${conversation_id}`,
})

test('a push is shown once, in place of the one before it, and leads to its conversation', async () => {
  const here = await (await visitor(service.address)).signIn('bartek')
  const worker = await workerOf(here)
  const id = await anna.talkTo(bartek)
  const tag = `conversation-${id}`
  const [first, second] = [await anna.say(id, 'raz'), await anna.say(id, 'dwa')]
  await deliver(here, payload(id, first.id, 'raz'))
  await expect.poll(() => shown(worker)).toEqual([{ body: 'raz', tag, silent: false }])
  await deliver(here, payload(id, second.id, 'dwa'))
  await expect.poll(() => shown(worker)).toEqual([{ body: 'dwa', tag, silent: false }])
  // As when the page has shown it, too.
  await deliver(here, payload(id, second.id, 'dwa'))
  await expect.poll(() => shown(worker)).toEqual([{ body: 'dwa', tag, silent: true }])
  await click(worker)
  await here.sees('dwa')
  expect(await shown(worker)).toEqual([])
  await here.page.context().close()
})

test('what was read elsewhere is withdrawn at the next push', async () => {
  const here = await (await visitor(service.address)).signIn('celina')
  const worker = await workerOf(here)
  // Nobody is here who could withdraw it before.
  await here.open('/healthz')
  const [one, other] = [await anna.talkTo(celina), await bartek.talkTo(celina)]
  await deliver(here, payload(one, (await anna.say(one, 'przeczytana')).id, 'przeczytana'))
  await expect.poll(() => shown(worker)).toHaveLength(1)
  await celina.post(`/api/conversations/${one}/read`)
  await deliver(here, payload(other, (await bartek.say(other, 'nowa')).id, 'nowa'))
  await expect.poll(() => shown(worker)).toMatchObject([{ body: 'nowa' }])
  await here.page.context().close()
})

/** A browser with a push service, which says yes to everything. */
async function subscriber(): Promise<Visitor> {
  const first = await visitor(service.address)
  const context = first.page.context()
  let current: ReturnType<typeof pushes.subscription> | undefined
  await context.exposeBinding('pushSubscription', (_, what: 'new' | 'none' | 'same') => {
    if (what !== 'same') current = what === 'new' ? pushes.subscription() : undefined
    return current
  })
  await context.addInitScript(() => {
    const ask = (window as unknown as { pushSubscription(what: string): Promise<object | undefined> })
      .pushSubscription
    const bytesOf = (key: string | null) =>
      Uint8Array.from(atob((key ?? '').replaceAll('-', '+').replaceAll('_', '/')), (sign) =>
        sign.charCodeAt(0),
      )
    const made = (json: object | undefined) => {
      const applicationServerKey = bytesOf(localStorage.getItem('subscribed-with')).buffer
      return (
        json && {
          ...json,
          options: { applicationServerKey },
          toJSON: () => json,
          unsubscribe: () => ask('none'),
        }
      )
    }
    PushManager.prototype.getSubscription = async () => made(await ask('same')) as never
    PushManager.prototype.subscribe = async (options) => {
      const key = options!.applicationServerKey as string
      Object.assign(window, { subscribedWith: key })
      const current = await ask('same')
      if (current && localStorage.getItem('subscribed-with') !== key)
        throw new DOMException('', 'InvalidStateError')
      localStorage.setItem('subscribed-with', key)
      return made(current ?? (await ask('new'))) as never
    }
    Object.defineProperty(Notification, 'permission', { get: () => 'granted' })
    Notification.requestPermission = async () => 'granted'
  })
  const here = new Visitor(await context.newPage(), service.address)
  await first.page.close()
  return here
}

const subscriptions = async () =>
  (
    await sql<{ endpoint: string }[]>`select endpoint from push_subscriptions where user_id = ${dawid.id}`
  ).map(({ endpoint }) => endpoint)

async function openSettings(member: Visitor): Promise<void> {
  await member.button('Twoje konto').click()
  await member.button('Ustawienia').click()
}

test('pushes are switched on and off in the settings, and go on after signing in again', async () => {
  const here = await (await subscriber()).signIn('dawid')
  const push = here.dialog.getByRole('switch', { name: /^Powiadomienia, gdy strona/ })
  await openSettings(here)
  await expect(push).not.toBeChecked()
  await push.click()
  await expect(push).toBeChecked()
  const [endpoint] = await subscriptions()
  expect(endpoint).toContain(pushes.host)
  await here.page.keyboard.press('Escape')
  await here.button('Twoje konto').click()
  await here.button('Wyloguj się').click()
  await expect(here.page).toHaveURL(/logowanie/)
  expect(await subscriptions()).toEqual([])
  await here.signIn('dawid')
  await expect.poll(subscriptions, { timeout: 15_000 }).toHaveLength(1)
  await openSettings(here)
  await expect(push).toBeChecked()
  await push.click()
  await expect(push).not.toBeChecked()
  await expect.poll(subscriptions).toEqual([])
  await here.page.context().close()
})

test('with a new key of the service, the subscription is another one', async () => {
  const here = await (await subscriber()).signIn('dawid')
  await openSettings(here)
  const push = here.dialog.getByRole('switch', { name: /^Powiadomienia, gdy strona/ })
  if ((await push.getAttribute('aria-checked')) !== 'true') await push.click()
  await expect(push).toBeChecked()
  const [before] = await subscriptions()
  await sql`delete from installation where name = 'vapid'`
  // A day later.
  await here.page.evaluate((id) => {
    const key = `rozmowa.push.${id}.told`
    const told = JSON.parse(localStorage.getItem(key)!)
    localStorage.setItem(key, JSON.stringify({ ...told, at: told.at - 25 * 60 * 60 * 1000 }))
  }, dawid.id)
  await here.page.reload()
  await expect.poll(async () => (await subscriptions()).at(-1), { timeout: 15_000 }).not.toBe(before)
  const { key } = (await dawid.get('/api/push/key')).body
  expect(await here.page.evaluate(subscribedWith)).toBe(key)
  await here.page.context().close()
})

/** The key that the browser was given. */
const subscribedWith = () => (window as unknown as { subscribedWith: string }).subscribedWith
