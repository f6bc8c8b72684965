import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, dawid } = service
const { sql } = await import('../server/db/client.ts')
await sql`
  insert into users (email, name, role)
  select 'm' || i || '@example.org', 'Łucja Nowak-Wiśniewska-Dąbrowska-Kowalczykiewiczowa ' || i, 'Członkini zarządu oddziału'
  from generate_series(10, 69) i`
await sql`update users set role = 'Sekretarz', phone = '600 100 200' where id = ${bartek.id}`

test('from the account’s menu somebody is found, looked at and written to, by keyboard', async () => {
  await anna.talkTo(dawid)
  const { page, ...visitor } = await arrive('anna')
  const { keyboard } = page
  await page.getByRole('button', { name: 'Twoje konto' }).press('Enter')
  await page.getByRole('link', { name: 'Osoby' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Osoby' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Ł' }).getByRole('link')).toHaveCount(45)
  expect(await faults(page)).toEqual([])
  await page.getByRole('link', { name: 'Dalsze osoby' }).press('Enter')
  await expect(page.getByRole('region', { name: 'Ł' }).getByRole('link')).toHaveCount(15)
  await page.getByRole('link', { name: 'Od początku' }).press('Enter')
  await page.getByRole('searchbox', { name: 'Szukaj osoby' }).focus()
  await keyboard.type('ZIELINSKI')
  await keyboard.press('Enter')
  await page.getByRole('link', { name: 'Bartek Zieliński' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Bartek Zieliński' })).toBeVisible()
  await expect(page.getByRole('link', { name: '600 100 200' })).toHaveAttribute('href', 'tel:+48600100200')
  expect(await faults(page)).toEqual([])
  await page.getByRole('link', { name: 'Wróć' }).press('Enter')
  await expect(page.getByRole('searchbox', { name: 'Szukaj osoby' })).toHaveValue('ZIELINSKI')
  await page.getByRole('link', { name: 'Bartek Zieliński' }).click()
  await page.getByRole('button', { name: 'Napisz' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Bartek Zieliński' })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Napisz wiadomość' })).toBeVisible()
  expect(visitor.errors).toEqual([])
})

test('on a small phone without scripts the directory and a profile work, and nothing is cut off', async () => {
  const viewport = { width: 320, height: 640 }
  const { page, open } = await arrive('anna', { ...phone, viewport, javaScriptEnabled: false })
  const [someone] = await sql<{ id: number }[]>`select id from users where email = 'm10@example.org'`
  for (const path of ['', '?szukaj=nikogo', `/${someone!.id}`]) {
    await open(`/wiadomosci/osoby${path}`)
    const wide = await page.locator('main').evaluate((main) => main.scrollWidth)
    expect(wide).toBeLessThanOrEqual(320)
  }
  await page.getByRole('button', { name: 'Napisz' }).tap()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Łucja/)
})

test('the card beside a name has role and phone, and leads to the profile and back', async () => {
  const made = await anna.post('/api/conversations', { name: 'Zarząd', member_ids: [bartek.id] })
  await bartek.say(made.body.conversation.id, 'Dzień dobry')
  const { page, ...visitor } = await arrive('anna')
  await page.getByRole('link', { name: 'Zarząd' }).click()
  await page.getByRole('log').getByText('Bartek Zieliński').click()
  const card = page.getByRole('dialog', { name: 'Bartek Zieliński' })
  await expect(card).toContainText('Sekretarz')
  await expect(card).not.toContainText('member')
  expect(await faults(page)).toEqual([])
  await card.getByRole('button', { name: 'Napisz' }).focus()
  await page.keyboard.press('Shift+Tab')
  await expect(card.getByRole('link', { name: '600 100 200' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(card.getByRole('link', { name: 'Zobacz profil' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Bartek Zieliński' })).toBeVisible()
  await page.getByRole('link', { name: 'Wróć' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Zarząd' })).toBeVisible()
  expect(visitor.errors).toEqual([])
})
