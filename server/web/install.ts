import { join } from 'node:path'
import express, { Router } from 'express'
import { localeOf, textsIn } from '../../views/texts/texts.ts'
import { root } from './bundle.ts'

/** What a browser asks for to install the page as an app. */
export const install = Router()

const png = (name: string, size: number, purpose: string) => ({
  src: `/icons/${name}.png`,
  sizes: `${size}x${size}`,
  type: 'image/png',
  purpose,
})

const manifest = (locale: 'pl' | 'en') => ({
  id: '/wiadomosci',
  name: textsIn(locale)('app.name'),
  short_name: textsIn(locale)('app.name'),
  description: textsIn(locale)('sign_in.lead'),
  lang: locale,
  start_url: '/wiadomosci',
  scope: '/',
  display: 'standalone',
  // Of the sidebar in light; the page says by itself which one it is in.
  theme_color: '#f7f8fa',
  background_color: '#f7f8fa',
  icons: [png('192', 192, 'any'), png('512', 512, 'any'), png('maskable-512', 512, 'maskable')],
  // Answered by the service worker.
  share_target: {
    action: '/wiadomosci/udostepnij',
    method: 'POST',
    enctype: 'multipart/form-data',
    params: { title: 'title', text: 'text', url: 'url', files: [{ name: 'files', accept: ['*/*'] }] },
  },
})

/** GET /manifest.webmanifest?lang= */
install.get('/manifest.webmanifest', (req, res) => {
  const locale = localeOf(String(req.query.lang))
  res.set('Cache-Control', 'public, max-age=3600').type('application/manifest+json').send(manifest(locale))
})

install.use(
  '/icons',
  express.static(join(root, 'public/icons'), {
    index: false,
    redirect: false,
    // It would keep what is set for all other answers.
    setHeaders: (res) => res.setHeader('Cache-Control', 'public, max-age=86400'),
  }),
)
