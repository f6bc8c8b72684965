import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid } = service
const ids = {
  dawid: await anna.talkTo(dawid),
  celina: await anna.talkTo(celina),
  bartek: await anna.talkTo(bartek),
}
for (const id of Object.values(ids)) await anna.say(id, 'Cześć')

test('? shows the shortcuts, but not while somebody types or something lies over the page', async () => {
  const { page, ...visitor } = await arrive('anna')
  const help = page.getByRole('dialog', { name: 'Skróty klawiszowe i gesty' })
  await page.getByRole('link', { name: 'Bartek Zieliński' }).focus()
  await page.keyboard.press('?')
  await expect(help).toBeVisible()
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(help).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Bartek Zieliński' })).toBeFocused()
  await page.getByRole('searchbox', { name: 'Szukaj' }).focus()
  await page.keyboard.type('kto?')
  await expect(page.getByRole('searchbox', { name: 'Szukaj' })).toHaveValue('kto?')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Bartek Zieliński' }).click()
  await page.getByRole('textbox', { name: 'Napisz wiadomość' }).click()
  await page.keyboard.type('Kto? ńŃ')
  await expect(page.getByRole('textbox', { name: 'Napisz wiadomość' })).toContainText('Kto? ńŃ')
  await expect(help).toHaveCount(0)
  await page.getByRole('button', { name: 'Twoje konto' }).press('Enter')
  await page.getByRole('button', { name: 'Skróty klawiszowe i gesty' }).press('Enter')
  await expect(help).toBeVisible()
  expect(visitor.errors).toEqual([])
})

test('Alt and the arrows go through the list, and with Shift to what is unread, around its end', async () => {
  const { page } = await arrive('anna')
  const opened = (name: string) => expect(page.locator('#main-title')).toHaveText(name)
  const press = (key: string) => page.keyboard.press(key)
  await expect(page.locator('html.live')).toBeVisible()
  await press('Alt+ArrowDown')
  await opened('Bartek Zieliński')
  await page.getByRole('textbox', { name: 'Napisz wiadomość' }).click()
  await press('Alt+ArrowDown')
  await opened('Celina Wójcik')
  await press('Alt+ArrowDown')
  await press('Alt+ArrowDown')
  await opened('Dawid Żółkiewski')
  await press('Alt+ArrowUp')
  await opened('Celina Wójcik')
  await bartek.say(ids.bartek, 'Nowa')
  await expect(page.getByRole('link', { name: 'Bartek Zieliński' })).toContainText('1 nieprzeczytana')
  await press('Alt+Shift+ArrowDown')
  await opened('Bartek Zieliński')
  await expect(page.getByRole('link', { name: 'Bartek Zieliński' })).not.toContainText('nieprzeczytana')
  await press('Alt+Shift+ArrowUp')
  await expect(page.locator('#notice')).toHaveText('Wszystko przeczytane')
  await press('Alt+Shift+N')
  await expect(page.getByRole('dialog', { name: 'Nowa rozmowa' })).toBeVisible()
  await press('Alt+ArrowDown')
  await opened('Bartek Zieliński')
})

test('on a phone the gestures come first', async () => {
  const { page } = await arrive('anna', phone)
  await page.getByRole('button', { name: 'Twoje konto' }).tap()
  await page.getByRole('button', { name: 'Skróty klawiszowe i gesty' }).tap()
  await expect(page.getByRole('dialog').getByRole('heading', { level: 3 }).first()).toHaveText(
    'Na ekranie dotykowym',
  )
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})
