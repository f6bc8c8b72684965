import { registerRoute } from 'workbox-routing'
import { NetworkOnly } from 'workbox-strategies'
import { forgetPushes } from './push.ts'
import { scope } from './scope.ts'
import { forgetShare } from './share.ts'

/** The page without conversations, for when the network is away. It bears its member's name, so there is one at most. */
const address = '/wiadomosci/bez-sieci'
const cacheName = 'rozmowa.shell'
const away = [502, 503, 504]

const patient = new NetworkOnly()
const hasty = new NetworkOnly({ networkTimeoutSeconds: 5 })

registerRoute(
  ({ request, url }) => request.mode === 'navigate' && /^\/wiadomosci(\/[1-9]\d*)?$/.test(url.pathname),
  async (options) => {
    const kept = await caches.match(address)
    if (!kept) return patient.handle(options)
    const answer = await hasty.handle(options).catch(() => kept)
    return away.includes(answer.status) ? kept : answer
  },
)

scope.addEventListener('message', (event) => {
  if (event.data?.kind === 'keep-shell') event.waitUntil(keepShell())
})

// Of a new version, it names other assets.
scope.addEventListener('activate', (event) =>
  event.waitUntil(caches.match(address).then((kept) => kept && keepShell())),
)

/** How often it was forgotten: what was asked for before that is not kept. */
let forgotten = 0

async function keepShell(): Promise<void> {
  const before = forgotten
  const answer = await fetch(address, { redirect: 'manual', cache: 'no-store' }).catch(() => undefined)
  if (!answer || before !== forgotten) return
  if (answer.ok) await (await caches.open(cacheName)).put(address, answer)
  else if (!away.includes(answer.status)) await caches.delete(cacheName)
}

// Whoever signs out, or is to sign in, leaves nothing to the next one. Of a share, only who signs out: to send it, they sign in.
scope.addEventListener('fetch', (event) => {
  const { mode, method, url } = event.request
  if (mode !== 'navigate') return
  const { pathname } = new URL(url)
  if (pathname === '/wylogowanie' && method === 'POST')
    event.waitUntil(Promise.all([forget(), forgetShare()]))
  if (pathname === '/logowanie') event.waitUntil(forgetUnlessSignedIn())
})

function forget(): Promise<unknown> {
  forgotten++
  return Promise.all([caches.delete(cacheName), forgetPushes()])
}

/** A link may lead a member there, too. */
async function forgetUnlessSignedIn(): Promise<void> {
  const answer = await fetch('/api/users/me').catch(() => undefined)
  if (answer?.status === 401) await forget()
}
