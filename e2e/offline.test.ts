import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { Visitor, visitor } from './people.ts'

const service = await startService()
const { anna, bartek, celina, dawid } = service

/** Another tab of the same browser. */
async function anotherTab(of: Visitor, path: string): Promise<Visitor> {
  const tab = new Visitor(await of.page.context().newPage(), service.address)
  await tab.open(path)
  return tab
}

const textsIn = async (id: number) =>
  (await anna.get(`/api/conversations/${id}/messages`)).body.messages.map(
    (message: { content_text: string }) => message.content_text,
  )

test('what was sent without a network arrives once and in order, over a reload and a closed tab', async () => {
  const id = await anna.talkTo(bartek)
  await bartek.say(id, 'Jak leci?')
  const here = await (await visitor(service.address)).signIn('anna')
  await here.choose('Bartek Zieliński')
  const context = here.page.context()
  // The page itself must still load: only what it sends and hears is cut.
  const cut = /\/api\/(conversations\/\d+\/messages|messages\/stream)/
  await context.route(cut, (route) => route.abort('internetdisconnected'))
  for (const text of ['pierwsza', 'druga', 'trzecia']) {
    await here.write(text)
    await here.sees(text)
  }
  await here.page.reload()
  for (const text of ['pierwsza', 'druga', 'trzecia']) await here.sees(text)
  await here.page.close()
  expect(await textsIn(id)).toEqual(['Jak leci?'])
  await context.unroute(cut)
  const back = await anotherTab(here, `/wiadomosci/${id}`)
  await expect.poll(() => textsIn(id)).toEqual(['Jak leci?', 'pierwsza', 'druga', 'trzecia'])
  await expect(back.log.getByRole('article')).toHaveText([/Jak leci/, /pierwsza/, /druga/, /trzecia/])
  await back.page.reload()
  await expect(back.log.getByRole('article')).toHaveCount(4)
  expect(await textsIn(id)).toHaveLength(4)
  await context.close()
})

test('tabs of one browser share one stream, and the next takes over when that one closes', async () => {
  const id = await celina.talkTo(dawid)
  await celina.say(id, 'Zaczynamy')
  const first = await (await visitor(service.address)).signIn('dawid')
  await first.choose('Celina Wójcik')
  const opened: string[] = []
  first.page.context().on('request', (request) => {
    if (request.url().includes('/api/messages/stream')) opened.push(request.url())
  })
  const second = await anotherTab(first, `/wiadomosci/${id}`)
  const third = await anotherTab(first, `/wiadomosci/${id}`)
  await celina.say(id, 'do wszystkich kart')
  for (const tab of [first, second, third]) await tab.sees('do wszystkich kart')
  expect(opened).toEqual([])
  await first.page.close()
  await celina.say(id, 'po zamknięciu')
  for (const tab of [second, third]) await tab.sees('po zamknięciu')
  expect(opened).toHaveLength(1)
  await second.page.close()
  await celina.say(id, 'ostatnia karta')
  await third.sees('ostatnia karta')
  await expect(third.message('do wszystkich kart')).toHaveCount(1)
  await third.page.context().close()
})

test('a page gone back to shows what came meanwhile', async () => {
  const id = await celina.talkTo(anna)
  await celina.say(id, 'przed wyjściem')
  const here = await (await visitor(service.address)).signIn('anna')
  await here.choose('Celina Wójcik')
  await here.open('/healthz')
  await celina.say(id, 'w międzyczasie')
  await here.page.goBack()
  await here.sees('w międzyczasie')
  await celina.say(id, 'i na żywo')
  await here.sees('i na żywo')
  await here.page.context().close()
})

test('signing out leaves no draft and nothing unsent in the browser', async () => {
  await bartek.say(await bartek.talkTo(celina), 'Napisz coś')
  const here = await (await visitor(service.address)).signIn('celina')
  await here.choose('Bartek Zieliński')
  await here.input.click()
  await here.page.keyboard.type('tajny szkic')
  await expect.poll(() => here.page.evaluate(() => JSON.stringify(localStorage))).toContain('tajny szkic')
  await here.page.getByRole('button', { name: 'Twoje konto' }).click()
  await here.page.getByRole('button', { name: 'Wyloguj się' }).click()
  await expect(here.page).toHaveURL(/logowanie/)
  expect(await here.page.evaluate(() => JSON.stringify(localStorage))).not.toContain('tajny szkic')
  await here.page.context().close()
})
