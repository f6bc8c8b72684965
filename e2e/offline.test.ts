import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import { onTestFinished, test } from 'vitest'
import { flood } from '../server/testing/flood.ts'
import { startService } from '../server/testing/service.ts'
import { phone, Visitor, visitor } from './people.ts'

const service = await startService()
const { anna, bartek, celina, dawid, ewa } = service

/** Another tab of the same browser. */
async function anotherTab(of: Visitor, path: string): Promise<Visitor> {
  const tab = new Visitor(await of.page.context().newPage(), service.address)
  await tab.open(path)
  return tab
}

/** @returns the addresses of the streams that are opened from now on, from all tabs of the browser */
function streamsOf({ page }: Visitor): string[] {
  const opened: string[] = []
  page.context().on('request', (request) => {
    if (request.url().includes('/api/messages/stream')) opened.push(request.url())
  })
  return opened
}

const textsIn = (id: number) => textsOf(anna, id)
const textsOf = async (who: typeof anna, id: number) =>
  (await who.get(`/api/conversations/${id}/messages`)).body.messages.map((message) => message.content_text)

test('messages sent offline arrive once and in order, despite a reload and a closed tab', async () => {
  const id = await anna.talkTo(bartek)
  await bartek.say(id, 'Jak leci?')
  const here = await (await visitor(service.address)).signIn('anna')
  await here.choose('Bartek Zieliński')
  const context = here.page.context()
  // The page itself must still load: only its API requests and stream are blocked.
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

test('tabs of one browser share a stream, and another takes over when the leader closes', async () => {
  const id = await celina.talkTo(dawid)
  await celina.say(id, 'Zaczynamy')
  const first = await visitor(service.address)
  const opened = streamsOf(first)
  await first.signIn('dawid')
  await first.choose('Celina Wójcik')
  await expect.poll(() => opened.length).toBe(1)
  const second = await anotherTab(first, `/wiadomosci/${id}`)
  const third = await anotherTab(first, `/wiadomosci/${id}`)
  await celina.say(id, 'do wszystkich kart')
  for (const tab of [first, second, third]) await tab.sees('do wszystkich kart')
  expect(opened).toHaveLength(1)
  await first.page.close()
  await celina.say(id, 'po zamknięciu')
  for (const tab of [second, third]) await tab.sees('po zamknięciu')
  expect(opened).toHaveLength(2)
  await second.page.close()
  await celina.say(id, 'ostatnia karta')
  await third.sees('ostatnia karta')
  await expect(third.message('do wszystkich kart')).toHaveCount(1)
  await third.page.context().close()
})

/** Suspends the scripts of a page. @returns a function that resumes them */
async function stopScripts(page: Page): Promise<() => Promise<unknown>> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Debugger.enable')
  const stopped = new Promise((resolve) => devtools.once('Debugger.paused', resolve))
  void devtools.send('Runtime.evaluate', { expression: 'debugger' })
  await stopped
  return () => devtools.send('Debugger.resume')
}

test('a suspended tab is replaced, and catches up when it wakes', async () => {
  const id = await celina.talkTo(dawid)
  await celina.say(id, 'przed snem')
  const first = await visitor(service.address)
  const opened = streamsOf(first)
  await first.signIn('dawid')
  await first.choose('Celina Wójcik')
  await expect.poll(() => opened.length).toBe(1)
  const second = await anotherTab(first, `/wiadomosci/${id}`)
  await celina.say(id, 'do obu kart')
  for (const tab of [first, second]) await tab.sees('do obu kart')
  const wake = await stopScripts(first.page)
  await celina.say(id, 'do śpiącej')
  await second.sees('do śpiącej')
  await wake()
  await celina.say(id, 'po przebudzeniu')
  for (const tab of [first, second]) await tab.sees('po przebudzeniu')
  await expect(first.message('do śpiącej')).toHaveCount(1)
  expect(opened).toHaveLength(2)
  await first.page.context().close()
})

/** A proxy on which streams can go dead: they stay open, but nothing arrives any more. */
async function tunnel() {
  const streams: Socket[] = []
  const server = createServer((here) => {
    const there = connect(Number(new URL(service.address).port), '127.0.0.1')
    here.on('error', () => there.destroy()).pipe(there)
    there.on('error', () => here.destroy()).pipe(here)
    there.on('data', (chunk) => chunk.includes('text/event-stream') && streams.push(there))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    goDead: () => streams.forEach((stream) => void stream.unpipe()),
  }
}

test('a dead stream is reopened, with what was missed', async () => {
  const id = await anna.talkTo(dawid)
  await anna.say(id, 'zanim zamilkło')
  const way = await tunnel()
  const here = await visitor(way.address)
  await here.page.clock.install()
  const heard = here.page.waitForResponse(/messages\/stream/)
  await here.signIn('dawid')
  await here.choose('Anna Kowalska')
  await heard
  await here.sees('zanim zamilkło')
  way.goDead()
  await anna.say(id, 'w głuchej ciszy')
  await here.page.clock.runFor(45_000)
  await here.sees('w głuchej ciszy')
  await here.page.context().close()
})

test('a page restored by Back shows what has arrived meanwhile', async () => {
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

/** The browser's cached conversations, as text. */
async function readKept(): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('rozmowa.kept')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const all = database.transaction('conversations').objectStore('conversations').getAll()
  await new Promise((resolve) => {
    all.onsuccess = resolve
  })
  database.close()
  return JSON.stringify(all.result)
}

/** Scrolls screen by screen until a message is there. @returns the numbers of the messages seen on the way */
async function scrollTo(reader: Visitor, last: number): Promise<number[]> {
  const seen = new Set<number>()
  for (let round = 0; round < 200 && !seen.has(last); round++) {
    const texts = await reader.log.evaluate((log) => {
      log.scrollBy(0, log.clientHeight * 0.8)
      const { bottom } = log.getBoundingClientRect()
      return [...log.querySelectorAll('article')]
        .filter((article) => article.getBoundingClientRect().top < bottom)
        .flatMap((article) => /nr (\d+)\./.exec(article.textContent)?.[1] ?? [])
    })
    for (const text of texts) seen.add(Number(text))
    await reader.page.waitForTimeout(30)
  }
  return [...seen].sort((a, b) => a - b)
}

test.each([
  ['a few screens, on a phone', 80, phone],
  ['more than the server sends at once, on a desktop', 1200, {}],
])('after an absence everything is there, from where reading stopped: %s', async (_, count, screen) => {
  const who = count > 100 ? anna : celina
  const { body } = await bartek.post('/api/conversations', {
    name: `Po przerwie ${count}`,
    member_ids: [who.id],
  })
  const { id } = body.conversation
  await bartek.say(id, 'nr 0.')
  const unread = async () => (await who.get(`/api/conversations/${id}`)).body.conversation.unread_count
  const reader = await (await visitor(service.address, screen)).signIn(count > 100 ? 'anna' : 'celina')
  await reader.choose(`Po przerwie ${count}`)
  await expect.poll(unread).toBe(0)
  await reader.page.context().setOffline(true)
  await flood(id, bartek.id, count)
  await reader.page.context().setOffline(false)
  await expect(reader.log.getByText('Nieprzeczytane')).toBeInViewport({ timeout: 20_000 })
  await expect(reader.message('nr 1.')).toBeInViewport()
  expect(await unread()).toBeGreaterThan(Math.min(count, 100) - 40)
  const seen = await scrollTo(reader, count)
  const first = seen[0]!
  expect(first).toBeLessThanOrEqual(1)
  expect(seen).toEqual(Array.from({ length: count - first + 1 }, (_, i) => first + i))
  await expect.poll(unread).toBe(0)
  await reader.page.context().close()
})

test('signing out leaves no drafts, no outbox and no cached conversations in the browser', async () => {
  await bartek.say(await bartek.talkTo(celina), 'Napisz coś')
  const here = await (await visitor(service.address)).signIn('celina')
  await here.choose('Bartek Zieliński')
  await here.input.click()
  await here.page.keyboard.type('tajny szkic')
  await expect.poll(() => here.page.evaluate(() => JSON.stringify(localStorage))).toContain('tajny szkic')
  await here.open('/wiadomosci')
  await expect.poll(() => here.page.evaluate(readKept)).toContain('Napisz coś')
  const other = await anotherTab(here, '/wiadomosci')
  await other.choose('Bartek Zieliński')
  await here.page.getByRole('button', { name: 'Twoje konto' }).click()
  await here.page.getByRole('button', { name: 'Wyloguj się' }).click()
  await expect(here.page).toHaveURL(/logowanie/)
  await expect(other.page).toHaveURL(/logowanie/)
  expect(await here.page.evaluate(() => JSON.stringify(localStorage))).not.toContain('tajny szkic')
  expect(await here.page.evaluate(readKept)).not.toContain('Napisz coś')
  await here.page.context().close()
})

const cachedNote = 'Nie ma teraz połączenia. Pokazano to, co było wczytane'

test.each([
  ['a desktop', {}],
  ['a phone', phone],
])('on %s a conversation opened before is readable offline, and resumes by itself', async (_, options) => {
  const id = await bartek.talkTo(dawid)
  const text = `na potem ${id} ${_}`
  await bartek.say(id, text)
  await celina.say(await celina.talkTo(dawid), 'cokolwiek')
  const here = await (await visitor(service.address, options)).signIn('dawid')
  await here.choose('Bartek Zieliński')
  await here.sees(text)
  await here.open(`/wiadomosci`)
  await expect(here.inList('Bartek Zieliński')).toBeVisible()
  const context = here.page.context()
  await context.setOffline(true)
  await here.choose('Bartek Zieliński')
  await here.sees(text)
  await expect(here.page.getByText(cachedNote)).toBeVisible()
  await here.input.click()
  await here.page.keyboard.insertText(`bez sieci ${_}`)
  // Because on a phone Enter breaks the line.
  await here.button('Wyślij').click()
  await here.sees(`bez sieci ${_}`)
  await bartek.say(id, `w międzyczasie ${_}`)
  await context.setOffline(false)
  await here.sees(`w międzyczasie ${_}`)
  await expect(here.page.getByText(cachedNote)).toBeHidden()
  await expect.poll(() => textsOf(bartek, id)).toContain(`bez sieci ${_}`)
  await context.close()
})

test('a conversation never opened before says so, leads back, and opens once the server answers', async () => {
  const id = await bartek.talkTo(ewa)
  await bartek.say(id, 'dopiero teraz')
  const here = await (await visitor(service.address, phone)).signIn('ewa')
  await here.isLive()
  const trouble = `**/api/conversations/${id}/**`
  await here.page.route(trouble, (route) =>
    route.fulfill({ status: 503, json: {}, headers: { 'retry-after': '1' } }),
  )
  await here.inList('Bartek Zieliński').tap()
  await expect(here.page.getByText('Nie udało się wczytać rozmowy')).toBeVisible()
  await expect(here.page.getByRole('heading', { name: 'Bartek Zieliński' })).toBeVisible()
  await here.button('Wróć').tap()
  await expect(here.inList('Bartek Zieliński')).toBeVisible()
  await here.inList('Bartek Zieliński').tap()
  await expect(here.page.getByText('Nie udało się wczytać rozmowy')).toBeVisible()
  await here.page.unroute(trouble)
  await here.sees('dopiero teraz')
  await here.page.context().close()
})

test('a conversation that no longer exists is not shown from the cache', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Krótka', member_ids: [ewa.id] })
  const { id } = body.conversation
  await anna.say(id, 'tajne przez chwilę')
  const here = await (await visitor(service.address)).signIn('ewa')
  await here.choose('Krótka')
  await here.sees('tajne przez chwilę')
  await here.choose('Bartek Zieliński')
  await anna.delete(`/api/conversations/${id}`)
  await expect(here.inList('Krótka')).toHaveCount(0)
  await here.page.context().setOffline(true)
  await here.page.evaluate((path) => history.pushState(null, '', path), `/wiadomosci/${id}`)
  await here.page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')))
  await expect(here.page.getByText('Nie udało się wczytać rozmowy')).toBeVisible()
  await expect(here.page.getByText('tajne przez chwilę')).toHaveCount(0)
  await here.page.context().close()
})

test.each([
  ['never opened before', false],
  ['opened before', true],
])('what is typed into a page that can load nothing is kept: a conversation %s', async (_what, isKnown) => {
  const other = isKnown ? celina : dawid
  const id = await ewa.talkTo(other)
  await other.say(id, 'Jesteś tam?')
  const here = await (await visitor(service.address)).signIn('ewa')
  if (isKnown) await here.choose('Celina Wójcik')
  const context = here.page.context()
  await context.route('**/api/**', (route) => route.abort('internetdisconnected'))
  await here.open(`/wiadomosci/${id}`)
  await here.sees('Jesteś tam?')
  await here.input.fill('Jestem')
  await expect(here.page.getByText(/Brak połączenia|Nie mamy połączenia/)).toBeVisible()
  expect(await here.input.evaluate((box) => ('value' in box ? box.value : box.textContent))).toBe('Jestem')
  await context.unroute('**/api/**')
  await here.isLive()
  await here.input.press('Enter')
  await here.sees('Jestem')
  await expect.poll(() => textsOf(ewa, id)).toEqual(['Jesteś tam?', 'Jestem'])
  await context.close()
})
