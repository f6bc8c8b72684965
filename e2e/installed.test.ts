import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { type Visitor, visitor } from './people.ts'

const service = await startService()
const { anna, bartek, celina } = service

/** Until the service worker holds the page, with everything it needs. */
async function install(here: Visitor): Promise<void> {
  await here.page.evaluate(() => navigator.serviceWorker.register('/sw.js'))
  await expect
    .poll(() => here.page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active?.state)))
    .toBe('activated')
  await here.page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready
    active?.postMessage({ kind: 'keep-shell' })
  })
  await expect
    .poll(() => here.page.evaluate(() => caches.match('/wiadomosci/bez-sieci').then(Boolean)))
    .toBe(true)
}

test('offline the page still starts: it shows what was read, keeps what is written, and sends it once', async () => {
  const id = await anna.talkTo(bartek)
  await bartek.say(id, 'na drogę')
  await celina.say(await anna.talkTo(celina), 'nie otwarta')
  const here = await (await visitor(service.address)).signIn('anna')
  await here.choose('Bartek Zieliński')
  await here.sees('na drogę')
  await install(here)
  await here.open('/wiadomosci')
  await here.page.waitForTimeout(1500)
  const context = here.page.context()
  await context.setOffline(true)
  await here.page.reload()
  await expect(here.inList('Bartek Zieliński')).toBeVisible()
  await expect(here.page.locator('#status')).toContainText('Brak połączenia')
  await here.open(`/wiadomosci/${id}`)
  await here.sees('na drogę')
  await here.write('z pociągu')
  await here.sees('z pociągu')
  await here.page.screenshot({ path: '/tmp/notices-offline.png' })
  await here.page.reload()
  await here.sees('z pociągu')
  await context.setOffline(false)
  const texts = async () =>
    (await bartek.get(`/api/conversations/${id}/messages`)).body.messages.map(
      ({ content_text }) => content_text,
    )
  await expect.poll(texts).toEqual(['na drogę', 'z pociągu'])
  await bartek.say(id, 'doszło')
  await here.sees('doszło')
  expect(await texts()).toEqual(['na drogę', 'z pociągu', 'doszło'])
  await context.close()
})
