import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, dawid } = service

async function group(name: string): Promise<number> {
  const { body } = await anna.post('/api/conversations', { name, member_ids: [bartek.id, dawid.id] })
  return body.conversation.id
}
const field = ({ page }: Visitor) => page.locator('.ql-editor')
const path = (id: number) => `/api/conversations/${id}/draft` as const
const kept = async (id: number) => (await anna.get(path(id))).body
const content = async (id: number) => (await kept(id)).content
/** As soon as it is loaded, drafts that come are followed. */
const isFollowing = ({ page }: Visitor) =>
  page.waitForFunction(() => performance.getEntriesByName(`${location.origin}/api/drafts`).length > 0)

test('what is typed on one device is there on the other, and in its list, until it is sent', async () => {
  const id = await group('Dwa urządzenia')
  await bartek.say(id, 'Kto przyjdzie?')
  const [desktop, mobile] = [await arrive('anna'), await arrive('anna', phone)]
  await Promise.all([isFollowing(desktop), isFollowing(mobile)])
  await desktop.choose('Dwa urządzenia')
  await field(desktop).click()
  await desktop.page.keyboard.type('Chyba ')
  await desktop.page.keyboard.press('ControlOrMeta+b')
  await desktop.page.keyboard.type('ja')
  const row = mobile.inList('Dwa urządzenia')
  await expect(row).toContainText('Wersja robocza: Chyba ja')
  expect(await content(id)).toBe('<p>Chyba <strong>ja</strong></p>')
  await row.click()
  await expect(field(mobile)).toHaveText('Chyba ja')
  await expect(field(mobile).locator('strong')).toHaveText('ja')
  await desktop.page.keyboard.press('Enter')
  await expect(field(mobile)).toHaveText('')
  await expect.poll(() => content(id)).toBe('')
  await mobile.page.reload()
  await expect(field(mobile)).toHaveText('')
})

test('what is being typed stays, after what another device has saved meanwhile', async () => {
  const id = await group('Spór')
  const writer = await arrive('anna')
  await isFollowing(writer)
  await writer.choose('Spór')
  await field(writer).click()
  await writer.page.keyboard.type('tutaj')
  await anna.put(path(id), { content: 'gdzie indziej', version: 0 })
  await expect.poll(() => content(id), { timeout: 10_000 }).toBe('<p>gdzie indziej</p><p>tutaj</p>')
  await expect(field(writer).locator('p')).toHaveText(['gdzie indziej', 'tutaj'])
  const { version } = await kept(id)
  // Untouched since, and shown at once, though the focus is in it: the next key goes on from it.
  await anna.put(path(id), { content: 'nowszy', version })
  await expect(field(writer)).toHaveText('nowszy')
  await writer.page.keyboard.type(' i dłuższy')
  await expect.poll(() => content(id), { timeout: 10_000 }).toBe('<p>nowszy i dłuższy</p>')
})

/** A device that was elsewhere while the draft was written. */
async function arriveLate(id: number, before: (desktop: Visitor) => unknown = () => {}): Promise<Visitor> {
  const desktop = await arrive('anna')
  await desktop.page.goto('about:blank')
  await anna.put(path(id), { content: 'z telefonu', version: 0 })
  await before(desktop)
  await desktop.page.goto(`${service.address}/wiadomosci/${id}`)
  await expect(field(desktop)).toBeFocused()
  return desktop
}

test('a draft of another device is there at a direct address, and the next key goes on from it', async () => {
  const id = await group('Wprost')
  const desktop = await arriveLate(id)
  await expect(field(desktop)).toHaveText('z telefonu')
  await desktop.page.keyboard.type(' dalej')
  await expect(field(desktop)).toHaveText('z telefonu dalej')
  await expect.poll(() => content(id), { timeout: 10_000 }).toBe('<p>z telefonu dalej</p>')
})

test('who types before it is loaded loses neither', async () => {
  const id = await group('Szybko')
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const desktop = await arriveLate(id, ({ page }) =>
    page.route('**/api/drafts', async (route) => {
      await held
      await route.continue()
    }),
  )
  await desktop.page.keyboard.type('Cze')
  release()
  await expect(field(desktop).locator('p')).toHaveText(['z telefonu', 'Cze'], { timeout: 10_000 })
  await desktop.page.keyboard.type('ść')
  await expect.poll(() => content(id), { timeout: 10_000 }).toBe('<p>z telefonu</p><p>Cześć</p>')
})

test('what only looks different on another device is taken over, too', async () => {
  const id = await group('Pogrubienie')
  const desktop = await arriveLate(id)
  await expect(field(desktop)).toHaveText('z telefonu')
  await anna.put(path(id), { content: 'z <b>telefonu</b>', version: 1 })
  await expect(field(desktop).locator('strong')).toHaveText('telefonu')
  await desktop.page.keyboard.press('Home')
  await desktop.page.keyboard.type('To ')
  await expect.poll(() => content(id), { timeout: 10_000 }).toBe('<p>To z <strong>telefonu</strong></p>')
})

test('a save whose answer was lost is not taken for another device’s', async () => {
  const id = await group('Zgubiona')
  const writer = await arrive('anna')
  await isFollowing(writer)
  await writer.choose('Zgubiona')
  await writer.page.route('**/draft', async (route) => {
    await route.fetch()
    await route.abort()
  })
  await field(writer).click()
  await writer.page.keyboard.type('Dobry wieczór')
  await expect.poll(() => content(id), { timeout: 10_000 }).toBe('<p>Dobry wieczór</p>')
  await writer.page.unroute('**/draft')
  for (let i = 0; i < 7; i++) await writer.page.keyboard.press('Backspace')
  await expect.poll(() => content(id), { timeout: 10_000 }).toBe('<p>Dobry </p>')
  await expect(field(writer)).toHaveText('Dobry ')
  writer.errors.splice(0) // the browser itself reports every failed request
})

test('a draft never comes back after it was sent: from a second window, or by a save that was slow', async () => {
  const id = await group('Powroty')
  const writer = await arrive('anna')
  await writer.choose('Powroty')
  const second = await writer.page.context().newPage()
  await second.goto(writer.page.url())
  await expect(second.locator('.ql-editor')).toBeVisible()
  await isFollowing(writer)
  // The save is held up until the message is there.
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let saves = 0
  await writer.page.route('**/draft', async (route) => {
    saves++
    await held
    await route.continue()
  })
  await writer.page.bringToFront()
  await field(writer).click()
  await writer.page.keyboard.type('Raz')
  await expect.poll(() => saves, { timeout: 10_000 }).toBe(1)
  await writer.page.keyboard.press('Enter')
  await writer.sees('Raz')
  await expect.poll(async () => (await kept(id)).version).toBeGreaterThan(0)
  release()
  await second.bringToFront()
  await expect(second.locator('.ql-editor')).toHaveText('')
  await second.waitForTimeout(3000)
  expect(await content(id)).toBe('')
  await writer.page.reload()
  await second.reload()
  await expect(field(writer)).toHaveText('')
  await expect(second.locator('.ql-editor')).toHaveText('')
})

test('what was typed without a network is saved later, and what is left at once is saved on leaving', async () => {
  const id = await group('Bez sieci')
  const writer = await arrive('anna')
  await isFollowing(writer)
  await writer.choose('Bez sieci')
  await field(writer).click()
  await writer.page.context().setOffline(true)
  await writer.page.keyboard.type('kiedyś')
  await writer.page.waitForTimeout(2600)
  expect(await content(id)).toBe('')
  await writer.page.context().setOffline(false)
  await expect.poll(() => content(id), { timeout: 20_000 }).toBe('<p>kiedyś</p>')
  await writer.page.keyboard.type(' i już')
  await writer.page.goto('about:blank')
  await expect.poll(() => content(id), { timeout: 5000 }).toBe('<p>kiedyś i już</p>')
  writer.errors.splice(0) // the browser itself reports every failed request
})

test('a reply is kept with what it replies to, and an emptied draft is gone everywhere', async () => {
  const id = await group('Odpowiedzi')
  const quoted = await bartek.say(id, 'Ile nas będzie?')
  const desktop = await arrive('anna')
  await isFollowing(desktop)
  await anna.put(path(id), { content: 'Sześcioro', reply_to_id: quoted.id, version: 0 })
  await expect(desktop.inList('Odpowiedzi')).toContainText('Wersja robocza: Sześcioro')
  await desktop.choose('Odpowiedzi')
  await expect(desktop.page.locator('#composer-context')).toContainText('Ile nas będzie?')
  await field(desktop).click()
  await desktop.page.keyboard.press('Escape')
  await desktop.page.keyboard.press('ControlOrMeta+a')
  await desktop.page.keyboard.press('Delete')
  await expect.poll(() => kept(id), { timeout: 10_000 }).toMatchObject({ content: '', reply_to_id: null })
})
