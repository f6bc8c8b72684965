import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import { onTestFinished, test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { buildAssets } from '../server/web/assets.ts'
import { faults } from './axe.ts'
import { networkTo } from './network.ts'
import { phone, type Visitor, visitor } from './people.ts'

const service = await startService()
const { anna, bartek, celina, dawid } = service
const network = await networkTo(service.address)

const isKept = (page: Page, path: string) => page.evaluate((path) => caches.match(path).then(Boolean), path)

/** Until the service worker holds the page with all it needs, and the browser the list. */
async function install(here: Visitor): Promise<void> {
  await here.page.evaluate(async () => {
    await navigator.serviceWorker.register('/sw.js')
    const { active } = await navigator.serviceWorker.ready
    active?.postMessage({ kind: 'keep-shell' })
  })
  await expect.poll(() => isKept(here.page, '/wiadomosci/bez-sieci')).toBe(true)
}

const textsIn = async (id: number) =>
  (await bartek.get(`/api/conversations/${id}/messages`)).body.messages.map((each) => each.content_text)

/** Reloaded, so that the list of now is kept on the way. */
async function goOffline(here: Visitor): Promise<void> {
  onTestFinished(() => network.mend())
  await here.open('/wiadomosci')
  await here.isLive()
  network.cut()
  await here.page.reload()
}

test.each([
  ['a desktop', 'na drogę', 'z pociągu', {}],
  ['a phone', 'na spacer', 'z parku', phone],
])(
  'without a network the page starts on %s, keeps what is written, and sends it once',
  async (_, read, written, screen) => {
    const id = await anna.talkTo(bartek)
    await bartek.say(id, read)
    await celina.say(await celina.talkTo(anna), 'nie otwarta')
    const here = await (await visitor(network.address, screen)).signIn('anna')
    await here.choose('Bartek Zieliński')
    await here.sees(read)
    await install(here)
    await goOffline(here)
    await expect(here.inList('Bartek Zieliński')).toBeVisible()
    await expect(here.inList('Celina Wójcik')).toBeVisible()
    await expect(here.page.locator('#status')).toContainText('Brak połączenia')
    expect(await faults(here.page)).toEqual([])
    await here.inList('Bartek Zieliński').click()
    await here.sees(read)
    await here.input.click()
    await here.page.keyboard.insertText(written)
    await here.button('Wyślij').click()
    await here.sees(written)
    // Straight to the conversation, with what waits there.
    await here.page.reload()
    await here.sees(written)
    const before = await textsIn(id)
    expect(before).not.toContain(written)
    network.mend()
    await expect.poll(() => textsIn(id)).toEqual([...before, written])
    await bartek.say(id, `${written}: doszło`)
    await here.sees(`${written}: doszło`)
    await here.page.reload()
    await expect(here.message(written)).toHaveCount(2)
    expect(await textsIn(id)).toEqual([...before, written, `${written}: doszło`])
    await here.page.context().close()
  },
)

test('a server that is away is no other than no network', async () => {
  const here = await (await visitor(network.address)).signIn('celina')
  await install(here)
  await here.page
    .context()
    .route('**/wiadomosci', (route) => route.fulfill({ status: 503, body: 'Zaraz wracamy.' }))
  await here.page.reload()
  await expect(here.button('Nowa rozmowa')).toBeVisible()
  await expect(here.page.locator('script[src*="/assets/main-"]')).toHaveCount(1)
  await here.page.context().close()
})

test('signing out leaves nothing of a member, and the next one sees only what is theirs', async () => {
  const id = await anna.talkTo(dawid)
  await anna.say(id, 'tajne')
  const here = await (await visitor(network.address)).signIn('dawid')
  await here.choose('Anna Kowalska')
  await here.sees('tajne')
  await install(here)
  await here.open('/wiadomosci')
  await here.button('Twoje konto').click()
  await here.button('Wyloguj się').click()
  await expect(here.page).toHaveURL(/logowanie/)
  await expect.poll(() => isKept(here.page, '/wiadomosci/bez-sieci')).toBe(false)
  const context = here.page.context()
  network.cut()
  await expect(here.open('/wiadomosci')).rejects.toThrow(/ERR_/)
  network.mend()
  // The browser's own error page may still be on its way.
  await expect(() => here.signIn('ewa')).toPass()
  await install(here)
  await goOffline(here)
  await expect(here.page.getByText('Ewa Szczepańska')).toBeAttached()
  await expect(here.inList('Anna Kowalska')).toHaveCount(0)
  await here.open(`/wiadomosci/${id}`)
  await expect(here.page.getByText('Nie udało się wczytać rozmowy')).toBeVisible()
  expect(await here.page.content()).not.toMatch(/tajne|Dawid/)
  network.mend()
  await context.close()
})

test('no answer of the API is ever kept', async () => {
  const here = await (await visitor(network.address)).signIn('bartek')
  await install(here)
  await here.page.reload()
  await here.choose('Anna Kowalska')
  const kept = await here.page.evaluate(async () => {
    const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))
    return all.flat().map(({ url }) => new URL(url).pathname)
  })
  expect(kept.filter((path) => !path.startsWith('/assets/'))).toEqual(['/wiadomosci/bez-sieci'])
  await here.page.context().close()
})

test('a new version leaves an open tab the parts of its own', async () => {
  const here = await (await visitor(network.address)).signIn('bartek')
  await install(here)
  const old = await here.page.evaluate(() => caches.keys())
  const { files, names } = await buildAssets()
  const { plain, ...worker } = files.get(names.get('sw.js')!)!
  const next = plain.toString().replace(/VERSION='\w+'/, "VERSION='NEXT'")
  files.set('sw-next.js', { ...worker, plain: Buffer.from(next), compressed: new Map() })
  names.set('sw.js', 'sw-next.js')
  await here.page.evaluate(async () => {
    const changed = new Promise((resolve) =>
      navigator.serviceWorker.addEventListener('controllerchange', resolve),
    )
    await (await navigator.serviceWorker.ready).update()
    await changed
  })
  const now = await here.page.evaluate(() => caches.keys())
  expect(now).toEqual(expect.arrayContaining([...old, 'rozmowa.assets.NEXT']))
  // As after a deployment: the server has none of the old names.
  files.clear()
  await here.button('Nowa rozmowa').click()
  await expect(here.dialog).toBeVisible()
  await here.page.context().close()
  await buildAssets()
})

test('what another app shares goes into the conversation that is chosen, and is sent by its writer', async () => {
  const id = await anna.talkTo(bartek)
  const here = await (await visitor(network.address)).signIn('anna')
  await install(here)
  await here.page.reload()
  await here.page.evaluate(async () => {
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', action: '/wiadomosci/udostepnij', enctype: 'multipart/form-data' })
    const fields = { title: 'Zaproszenie', text: 'Przyjdźcie\nw piątek', url: 'https://example.org/walne' }
    for (const [name, value] of Object.entries(fields)) {
      const area = document.createElement('textarea')
      Object.assign(area, { name, value })
      form.append(area)
    }
    const files = new DataTransfer()
    files.items.add(new File(['1,2'], 'budżet.csv', { type: 'text/csv' }))
    const input = document.createElement('input')
    Object.assign(input, { type: 'file', name: 'files', files: files.files })
    form.append(input)
    document.body.append(form)
    form.submit()
  })
  await expect(here.page.getByRole('heading', { name: 'Wyślij do' })).toBeVisible()
  expect(await faults(here.page)).toEqual([])
  await here.dialog.getByRole('searchbox').fill('bartek')
  await expect(here.dialog.getByRole('button', { name: 'Celina Wójcik' })).toHaveCount(0)
  await here.page.keyboard.press('Enter')
  await expect(here.page).toHaveURL(new RegExp(`/wiadomosci/${id}$`))
  await expect(here.input).toContainText('https://example.org/walne')
  await expect(here.page.getByText('budżet.csv')).toBeVisible()
  await here.button('Wyślij').click()
  await expect
    .poll(() => textsIn(id))
    .toContain('Zaproszenie\nPrzyjdźcie\nw piątek\nhttps://example.org/walne')
  await here.page.reload()
  await expect(here.dialog).toHaveCount(0)
  await here.page.context().close()
})
