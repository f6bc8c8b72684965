import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import { test } from 'vitest'
import { cast, password } from '../server/demo/cast.ts'
import { flood } from '../server/testing/flood.ts'
import { startService } from '../server/testing/service.ts'
import { phone, signedInVisitors } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid, ewa } = service

const latest = async (id: number) =>
  (await anna.get(`/api/conversations/${id}/messages?limit=1`)).body.messages[0]?.content_text

/** Holds what the script asks for. @returns lets it go on */
async function hold(page: Page, what: RegExp): Promise<() => void> {
  const held = Promise.withResolvers<void>()
  await page.route(what, async (route) => {
    await held.promise
    await route.continue()
  })
  return held.resolve
}

test('what is typed before the script takes over stays in its conversation', async () => {
  const [one, other] = [await anna.talkTo(bartek), await anna.talkTo(celina)]
  await anna.say(one, 'Do Bartka')
  await anna.say(other, 'Do Celiny')
  const writer = await arrive('anna')
  const release = await hold(writer.page, new RegExp(`/api/conversations/${one}`))
  await writer.open(`/wiadomosci/${one}`)
  await expect(writer.page.locator('html.live')).toBeAttached()
  await writer.input.fill('Poufne\n')
  await writer.choose('Celina Wójcik')
  await writer.sees('Do Celiny')
  await expect(writer.input).toHaveText('')
  release()
  await writer.choose('Bartek Zieliński')
  await expect(writer.input).toHaveText(/Poufne/)
  expect([await latest(one), await latest(other)]).toEqual(['Do Bartka', 'Do Celiny'])
})

test('the list works while the conversation is still loading', async () => {
  const id = await dawid.talkTo(ewa)
  await dawid.say(id, 'Powoli')
  const reader = await arrive('dawid')
  const release = await hold(reader.page, new RegExp(`/api/conversations/${id}`))
  await reader.open(`/wiadomosci/${id}`)
  await reader.button('Nowa rozmowa').click()
  await expect(reader.dialog).toBeVisible()
  await reader.page.keyboard.press('Escape')
  await expect(reader.page).toHaveTitle(/^Ewa Szczepańska – /)
  release()
  await reader.isLive()
})

test.each([
  ['has scrolled up', ''],
  ['writes, and came by a link to a message', '?wiadomosc='],
])('who %s is left where they are', async (_what, link) => {
  const id = await anna.talkTo(ewa)
  await flood(id, anna.id, 60)
  await ewa.post(`/api/conversations/${id}/read`, {})
  const [linked] = (await ewa.get(`/api/conversations/${id}/messages?limit=20`)).body.messages
  const reader = await arrive('ewa', phone)
  const release = await hold(reader.page, new RegExp(`/api/conversations/${id}`))
  await reader.open(`/wiadomosci/${id}${link && link + linked!.id}`)
  if (!link) await reader.log.evaluate((log) => log.scrollBy(0, -900))
  await reader.input.fill('Już piszę')
  const scrolledTo = await reader.log
    .getByRole('article')
    .evaluateAll((all) => all.find((each) => each.getBoundingClientRect().top > 100)!.textContent)
  release()
  await reader.isLive()
  await expect(reader.input).toBeFocused()
  const shown = link ? linked!.content_text! : /nr \d+\./.exec(scrolledTo)![0]
  await expect(reader.message(shown)).toBeInViewport()
})

test('a form that went out before the script took over is sent once', async () => {
  const id = await anna.talkTo(dawid)
  const writer = await arrive('anna')
  const release = await hold(writer.page, new RegExp(`/api/conversations/${id}`))
  const post = await hold(writer.page, new RegExp(`/wiadomosci/${id}$`))
  void writer.open(`/wiadomosci/${id}`).catch(() => {})
  post()
  await writer.input.fill('Tylko raz\n')
  await writer.page.locator('#composer').evaluate((form: HTMLFormElement) => form.requestSubmit())
  release()
  await expect(writer.message('Tylko raz')).toHaveCount(1)
  await writer.isLive()
  await expect(writer.input).toHaveText('')
  const { body } = await anna.get(`/api/conversations/${id}/messages`)
  expect(body.messages.filter((each) => each.content_text === 'Tylko raz')).toHaveLength(1)
})

test('a list that could not be loaded at first is asked for again, and follows then', async () => {
  const id = await bartek.talkTo(dawid)
  await dawid.say(id, 'Pierwsza')
  const reader = await arrive('bartek')
  let refused = 0
  await reader.page.route(/\/api\/conversations\?/, (route) =>
    refused++ < 2 ? route.fulfill({ status: 408, json: {} }) : route.continue(),
  )
  await reader.page.reload()
  await expect.poll(() => refused).toBeGreaterThan(2)
  await dawid.say(id, 'Druga')
  await expect(reader.inList('Dawid')).toContainText('Druga')
})

test('a tab does not go on as another member who has signed in meanwhile', async () => {
  const here = await arrive('celina')
  await expect(here.button('Twoje konto')).toBeVisible()
  const data = { email: cast.ewa.email, password }
  await here.page.context().request.post(`${service.address}/api/auth/login`, { data })
  // As when a network comes back.
  await here.page.evaluate(() => void dispatchEvent(new Event('online'))).catch(() => {})
  await expect(here.page.getByText(cast.ewa.email)).toBeAttached()
})
