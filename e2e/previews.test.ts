import { expect } from 'playwright/test'
import { test } from 'vitest'
import { picture } from '../server/testing/files.ts'
import { startService } from '../server/testing/service.ts'
import { stranger } from '../server/testing/stranger.ts'
import { signedInVisitors } from './people.ts'
import { shot } from './shot.ts'

const jpeg = await picture(1200, 630).jpeg().toBuffer()
const site = await stranger((req, res) => {
  if (req.url === '/zdjecie.jpg') return res.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg)
  res.writeHead(200, { 'content-type': 'text/html' }).end(`
    <meta property="og:title" content="Zjazd delegatów 2026"><meta property="og:image" content="/zdjecie.jpg">
    <meta property="og:description" content="Program zjazdu, dojazd i noclegi dla delegatów z całej Polski.">`)
})
const service = await startService({ LINK_PREVIEW_ALLOW_HOSTS: site.host })
const { previewMessage } = await import('../server/previews/preview.ts')
const { workOff } = await import('../server/testing/jobs.ts')
const arrive = signedInVisitors(service.address)

test('a link gets a card with a picture from our server, until its sender removes it', async () => {
  const { anna, bartek } = service
  const id = await anna.talkTo(bartek)
  await anna.say(id, 'Cześć')
  const [sender, reader] = [await arrive('anna'), await arrive('bartek')]
  const asked: string[] = []
  reader.page.on('request', (request) => asked.push(new URL(request.url()).origin))
  await sender.choose('Bartek Zieliński')
  await reader.choose('Anna Kowalska')
  await sender.write(`Zobacz ${site.address}/zjazd`)
  const card = reader.log.getByRole('link', { name: /Zjazd delegatów 2026/ })
  await expect(reader.log.getByText('Zobacz')).toBeVisible()
  await workOff({ preview: previewMessage, notify: async () => {} })
  await expect(card).toBeVisible()
  await expect(card).toHaveAttribute('href', `${site.address}/zjazd`)
  const width = () => card.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)
  await expect.poll(width).toBe(640)
  expect(new Set(asked)).toEqual(new Set([service.address]))
  await expect(reader.log.getByRole('button', { name: 'Usuń podgląd linku' })).toHaveCount(0)
  await sender.log.getByRole('link', { name: /Zjazd/ }).hover()
  await shot(sender.page, 'preview')
  await sender.log.getByRole('button', { name: 'Usuń podgląd linku' }).click()
  await expect(sender.message('Zobacz')).toBeFocused()
  await expect(card).toHaveCount(0)
  await expect(sender.log.getByRole('link', { name: /Zjazd/ })).toHaveCount(0)
})
