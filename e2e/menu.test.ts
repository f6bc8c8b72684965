import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { arrivals, phone } from './people.ts'

const service = await startService()
const arrive = arrivals(service.address)
const { anna, bartek } = service

const all = ['Reaguj', 'Odpowiedz', 'Przekaż', 'Przypnij', 'Edytuj', 'Usuń', 'Kopiuj']
const others = all.filter((each) => each !== 'Edytuj' && each !== 'Usuń')

test('the menu holds what one may do with a message, and nothing else', async () => {
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
  expect(await names('cudza wiadomość')).toEqual(others)
  await expect(reader.message('Wiadomość usunięta').getByRole('button', { name: 'Więcej' })).toHaveCount(0)
})

test('the menu is reached, walked and left by keyboard, and the focus comes back', async () => {
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
  await expect(item('Kopiuj')).toBeFocused()
  await keyboard.press('u')
  await expect(item('Usuń')).toBeFocused()
  await keyboard.press('Escape')
  await expect(reader.message('z klawiatury').getByRole('button', { name: 'Więcej' })).toBeFocused()
})

test('a right click opens it too', async () => {
  const id = await anna.talkTo(service.dawid)
  await service.dawid.say(id, 'prawym przyciskiem')
  const reader = await arrive('anna')
  await reader.choose('Dawid Żółkiewski')
  await reader.message('prawym przyciskiem').getByText('prawym').click({ button: 'right' })
  await expect(reader.page.getByRole('menuitem', { name: 'Odpowiedz' })).toBeVisible()
})

test('on a phone a finger that rests opens it at the bottom, and there is a button to see', async () => {
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

test('the text of a message is copied', async () => {
  const id = await bartek.talkTo(service.celina)
  await bartek.say(id, '<p>do <strong>schowka</strong></p>')
  const reader = await arrive('bartek', { permissions: ['clipboard-read', 'clipboard-write'] })
  await reader.choose('Celina Wójcik')
  await reader.pick('do schowka', 'Kopiuj')
  await expect(reader.page.getByText('Skopiowano')).toBeVisible()
  expect(await reader.page.evaluate(() => navigator.clipboard.readText())).toBe('do schowka')
})

test('links lead out of the page in a tab of their own', async () => {
  const id = await bartek.talkTo(service.dawid)
  const address = `${service.address}/healthz`
  await bartek.say(id, `<p><a href="${address}">odnośnik</a></p>`)
  const reader = await arrive('dawid')
  await reader.choose('Bartek Zieliński')
  // Drawn by the server the first time, by the browser the second.
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
