import { registerRoute } from 'workbox-routing'

const cacheName = 'rozmowa.shared'

/** What another app shares waits in the browser until the page has asked for a conversation; see public/share/. */
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname === '/wiadomosci/udostepnij',
  async ({ request }) => {
    const form = await request.formData()
    const cache = await caches.open(cacheName)
    await cache.put('/wiadomosci/udostepnij', new Response(form))
    return Response.redirect('/wiadomosci?udostepnione', 303)
  },
  'POST',
)

export const forgetShare = (): Promise<boolean> => caches.delete(cacheName)
