import { PrecacheController } from 'workbox-precaching'
import { registerRoute } from 'workbox-routing'
import { scope } from './scope.ts'

/** Put in front by the bundler: the addresses of all assets, each named for its content, and a digest of them. */
declare const ASSETS: string[]
declare const VERSION: string

const prefix = 'rozmowa.assets.'
const cacheName = prefix + VERSION
const precache = new PrecacheController({ cacheName })
precache.addToCacheList(ASSETS.map((url) => ({ url, revision: null })))

scope.addEventListener('install', (event) => {
  void scope.skipWaiting()
  event.waitUntil(precache.install(event))
})

scope.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([scope.clients.claim(), dropOld()])),
)

/** All but the last one: tabs of that version still load their later parts. */
async function dropOld(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName)
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)))
}

registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/assets/'),
  async ({ request }) => (await caches.match(request, { ignoreVary: true })) ?? fetch(request),
)
