import type { Locator } from 'playwright'
import { expect } from 'playwright/test'
import { test } from 'vitest'
import { picture, upload } from '../server/testing/files.ts'
import { startService } from '../server/testing/service.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek } = service

const further = ['Kopiuj', 'Kopiuj link', 'Oznacz gwiazdką']
const all = ['Reaguj', 'Odpowiedz', 'Przekaż', 'Przypnij', 'Edytuj', 'Usuń', ...further]
const notMine = [...all.filter((each) => each !== 'Edytuj' && each !== 'Usuń'), 'Oznacz jako nieprzeczytane']

test('the menu has exactly the actions that are allowed', async () => {
  const id = await anna.talkTo(bartek)
  await anna.say(id, 'moja wiadomość')
  await bartek.say(id, 'cudza wiadomość')
  const gone = await bartek.say(id, 'do usunięcia')
  await bartek.delete(`/api/messages/${gone.id}`)
  const reader = await arrive('anna')
  await reader.choose('Bartek Zieliński')
  const names = async (text: string) => {
    const menu = await reader.openMenu(text)
    await expect(menu).toBeVisible()
    const items = await menu.getByRole('menuitem').all()
    const words = await Promise.all(
      items.map(async (item) => (await item.getAttribute('aria-label')) ?? (await item.innerText())),
    )
    await reader.page.keyboard.press('Escape')
    await expect(menu).toHaveCount(0)
    return words
  }
  expect(await names('moja wiadomość')).toEqual(all)
  expect(await names('cudza wiadomość')).toEqual(notMine)
  await expect(reader.message('Wiadomość usunięta').getByRole('button', { name: 'Więcej' })).toHaveCount(0)
})

test('the menu is opened, navigated and closed by keyboard, and the focus returns', async () => {
  const id = await anna.talkTo(service.celina)
  await anna.say(id, 'z klawiatury')
  const reader = await arrive('anna')
  await reader.choose('Celina Wójcik')
  const { keyboard } = reader.page
  await reader.log.focus()
  await keyboard.press('ArrowUp')
  await keyboard.press('Tab')
  await expect(reader.message('z klawiatury').getByRole('button', { name: 'Więcej' })).toBeFocused()
  await keyboard.press('Enter')
  const item = (name: string) => reader.page.getByRole('menuitem', { name, exact: true })
  await expect(reader.page.getByRole('menuitemcheckbox', { name: '👍' })).toBeFocused()
  await keyboard.press('ArrowRight')
  await expect(reader.page.getByRole('menuitemcheckbox', { name: '❤️' })).toBeFocused()
  await keyboard.press('ArrowDown')
  await expect(item('Odpowiedz')).toBeFocused()
  await keyboard.press('ArrowUp')
  await expect(reader.page.getByRole('menuitemcheckbox', { name: '👍' })).toBeFocused()
  await keyboard.press('End')
  await expect(item('Oznacz gwiazdką')).toBeFocused()
  await keyboard.press('u')
  await expect(item('Usuń')).toBeFocused()
  await keyboard.press('Escape')
  await expect(reader.message('z klawiatury').getByRole('button', { name: 'Więcej' })).toBeFocused()
})

test('a right click opens the menu', async () => {
  const id = await anna.talkTo(service.dawid)
  await service.dawid.say(id, 'prawym przyciskiem')
  const reader = await arrive('anna')
  await reader.choose('Dawid Żółkiewski')
  await reader.message('prawym przyciskiem').getByText('prawym').click({ button: 'right' })
  await expect(reader.page.getByRole('menuitem', { name: 'Odpowiedz' })).toBeVisible()
})

test('on a phone a long press opens the menu at the bottom, and there is a visible button', async () => {
  const id = await anna.talkTo(service.ewa)
  await service.ewa.say(id, 'przytrzymaj mnie')
  const reader = await arrive('anna', phone)
  await reader.choose('Ewa Szczepańska')
  const message = reader.message('przytrzymaj mnie')
  const { x, y } = (await message.getByText('przytrzymaj').boundingBox())!
  const touch = await reader.page.context().newCDPSession(reader.page)
  await touch.send('Input.dispatchTouchEvent', {
    type: 'touchStart',
    touchPoints: [{ x: x + 10, y: y + 8 }],
  })
  const menu = reader.page.getByRole('menu')
  await expect(menu).toBeVisible()
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await expect(menu).toBeVisible()
  await expect.poll(async () => Math.round((await menu.boundingBox())!.width)).toBe(390)
  await menu.getByRole('menuitem', { name: 'Odpowiedz' }).tap()
  await expect(reader.button('Anuluj')).toBeVisible()
  const button = message.getByRole('button', { name: 'Więcej' })
  expect(Number(await button.evaluate((each) => getComputedStyle(each).opacity))).toBeGreaterThan(0.5)
  await button.tap()
  await expect(menu).toBeVisible()
})

test('the text of a message can be copied', async () => {
  const id = await bartek.talkTo(service.celina)
  await bartek.say(id, '<p>do <strong>schowka</strong></p>')
  const reader = await arrive('bartek', { permissions: ['clipboard-read', 'clipboard-write'] })
  await reader.choose('Celina Wójcik')
  await reader.pick('do schowka', 'Kopiuj')
  await expect(reader.page.getByText('Skopiowano')).toBeVisible()
  expect(await reader.page.evaluate(() => navigator.clipboard.readText())).toBe('do schowka')
})

test('links open in a new tab', async () => {
  const id = await bartek.talkTo(service.dawid)
  const address = `${service.address}/healthz`
  await bartek.say(id, `<p><a href="${address}">odnośnik</a></p>`)
  const reader = await arrive('dawid')
  await reader.choose('Bartek Zieliński')
  // Rendered by the server first, then by the browser.
  await reader.write(`Wpisany (${address}).`)
  for (const name of ['odnośnik', address]) {
    const [opened] = await Promise.all([
      reader.page.waitForEvent('popup'),
      reader.log.getByRole('link', { name, exact: true }).click(),
    ])
    expect(opened.url()).toBe(address)
  }
  await expect(reader.page).toHaveURL(new RegExp(`/wiadomosci/${id}$`))
})

/** Layers over a conversation: how to open each, and what shows that it is open. */
const layers: [string, (reader: Visitor) => Promise<void>, (reader: Visitor) => Locator][] = [
  ['the menu of a message', tapMore, ({ page }) => page.getByRole('menu')],
  ['the emoji', tapEmoji, ({ page }) => page.getByRole('dialog', { name: 'Emoji' })],
  [
    'the details',
    (reader) => reader.button('Informacje o rozmowie').tap(),
    ({ page }) => page.getByRole('complementary'),
  ],
  ['the conversations to forward to', (reader) => choose(reader, 'Przekaż'), ({ dialog }) => dialog],
  ['the question before deleting', (reader) => choose(reader, 'Usuń'), ({ dialog }) => dialog],
  ['a picture', (reader) => reader.log.getByRole('link', { name: /Obraz/ }).tap(), ({ dialog }) => dialog],
]

async function tapMore(reader: Visitor): Promise<void> {
  await reader.message('wstecz').getByRole('button', { name: 'Więcej' }).tap()
}
async function tapEmoji(reader: Visitor): Promise<void> {
  await reader.button('Emoji').tap()
}
async function choose(reader: Visitor, item: string): Promise<void> {
  await tapMore(reader)
  await reader.page.getByRole('menuitem', { name: item, exact: true }).tap()
}
/** After the evaluation has returned: a navigation would end it. */
const goBack = (reader: Visitor) => reader.page.evaluate(() => void setTimeout(() => history.back()))

test('on a phone Back closes the topmost layer, and leaves the conversation only when there is none', async () => {
  const id = await service.dawid.talkTo(service.ewa)
  const { body } = await upload(service.dawid, await picture(640, 480).png().toBuffer(), 'las.png')
  await service.dawid.say(id, 'wstecz', { attachment_ids: [body.attachment.id] })
  const reader = await arrive('dawid', phone)
  await reader.choose('Ewa Szczepańska')
  for (const [what, open, shown] of layers) {
    await open(reader)
    await expect(shown(reader), what).toBeVisible()
    await goBack(reader)
    await expect(shown(reader), what).toHaveCount(0)
    await expect(reader.log, what).toBeVisible()
  }
  // A layer closed in another way leaves nothing for Back to undo.
  for (const [what, open, shown] of layers) {
    await open(reader)
    await expect(shown(reader), what).toBeVisible()
    await reader.page.keyboard.press('Escape')
    await expect(shown(reader), what).toHaveCount(0)
  }
  await goBack(reader)
  await expect(reader.inList('Ewa Szczepańska')).toBeVisible()
  await expect(reader.log).toHaveCount(0)
})

test('Back closes layers one by one, also after Forward and a reload', async () => {
  const reader = await arrive('dawid', phone)
  await reader.choose('Ewa Szczepańska')
  const { page } = reader
  const panel = page.getByRole('complementary')
  await reader.button('Informacje o rozmowie').tap()
  await panel.getByRole('button', { name: 'Wróć' }).tap()
  await reader.button('Informacje o rozmowie').tap()
  await reader.page.evaluate(() => document.querySelector<HTMLElement>('[data-action="settings"]')?.click())
  await expect(reader.dialog).toBeVisible()
  await goBack(reader)
  await expect(reader.dialog).toHaveCount(0)
  await expect(panel).toBeVisible()
  await page.evaluate(() => history.forward())
  await expect(panel).toBeVisible()
  await goBack(reader)
  await expect(panel).toHaveCount(0)
  await tapMore(reader)
  await expect(page.getByRole('menu')).toBeVisible()
  await page.reload()
  await reader.isLive()
  await goBack(reader)
  await expect(reader.inList('Ewa Szczepańska')).toBeVisible()
  await page.getByRole('button', { name: 'Nowa rozmowa' }).tap()
  await expect(reader.dialog).toBeVisible()
  await goBack(reader)
  await expect(reader.dialog).toBeHidden()
  await page.getByRole('button', { name: 'Twoje konto' }).tap()
  await expect(page.getByText('Wyloguj się')).toBeVisible()
  await goBack(reader)
  await expect(page.getByText('Wyloguj się')).toBeHidden()
  await expect(reader.inList('Ewa Szczepańska')).toBeVisible()
})

test('at 320 px the menu, the emoji and the filters are not cut off', async () => {
  const reader = await arrive('dawid', { ...phone, viewport: { width: 320, height: 568 } })
  const inside = async (each: Locator) => {
    for (const one of await each.all()) {
      const { x, width, y, height } = (await one.boundingBox())!
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x + width).toBeLessThanOrEqual(320)
      expect(y + height).toBeLessThanOrEqual(568)
      expect(width).toBeGreaterThanOrEqual(24)
    }
  }
  await expect(reader.inList('Ewa Szczepańska')).toBeVisible()
  const filters = reader.page.getByRole('group', { name: 'Pokaż' }).getByRole('button')
  await expect(filters).toHaveCount(4)
  await inside(filters)
  await reader.choose('Ewa Szczepańska')
  await tapMore(reader)
  await expect(reader.page.getByRole('menuitem', { name: 'Kopiuj', exact: true })).toBeVisible()
  await inside(reader.page.getByRole('menuitem'))
  await inside(reader.page.getByRole('menuitemcheckbox'))
  await goBack(reader)
  await tapEmoji(reader)
  const groups = reader.page.getByRole('toolbar', { name: 'Kategorie' }).getByRole('button')
  await expect(groups).toHaveCount(10)
  await inside(groups)
})
