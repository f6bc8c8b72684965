import { expect } from 'playwright/test'
import { test } from 'vitest'
import { picture, upload } from '../server/testing/files.ts'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina } = service

type Visitor = Awaited<ReturnType<typeof arrive>>
const photo = await picture(60, 40).png().toBuffer()

async function share(id: number, name: string, content: string | Uint8Array) {
  const { body } = await upload(anna, content, name)
  return anna.say(id, '', { attachment_ids: [body.attachment.id] })
}
async function open({ page }: Visitor) {
  await page.getByRole('button', { name: 'Informacje o rozmowie' }).click()
  await page.getByRole('button', { name: 'Zdjęcia, pliki i linki' }).click()
  return page.getByRole('dialog', { name: 'Zdjęcia, pliki i linki' })
}

test('the tabs are gone through by keyboard, and what is empty says so', async () => {
  const id = await anna.talkTo(bartek)
  const reader = await arrive('bartek')
  await reader.choose('Anna Kowalska')
  const dialog = await open(reader)
  const { keyboard } = reader.page
  const tab = (name: string) => dialog.getByRole('tab', { name })
  await expect(tab('Zdjęcia')).toBeFocused()
  await expect(dialog.getByRole('tabpanel', { name: 'Zdjęcia' })).toContainText('Nie ma tu jeszcze zdjęć')
  await keyboard.press('ArrowLeft')
  await expect(tab('Linki')).toBeFocused()
  await expect(tab('Linki')).toHaveAttribute('aria-selected', 'true')
  await expect(dialog.getByRole('tabpanel')).toContainText('Nie ma tu jeszcze linków')
  await keyboard.press('ArrowLeft')
  await expect(dialog.getByRole('tabpanel', { name: 'Pliki' })).toContainText('Nie ma tu jeszcze plików')
  expect(await faults(reader.page)).toEqual([])

  await share(id, 'Protokół.txt', 'x')
  await share(id, 'lato.png', photo)
  const said = await anna.say(id, 'https://example.org/regulamin')
  await expect(dialog.getByRole('link', { name: /^Plik Protokół\.txt/ })).toBeVisible()
  await keyboard.press('Home')
  await expect(dialog.getByRole('link', { name: /^Obraz lato\.png/ })).toBeVisible()
  await keyboard.press('End')
  const link = dialog.getByRole('link', { name: 'example.org/regulamin' })
  await expect(link).toHaveAttribute('href', 'https://example.org/regulamin')
  expect(await faults(reader.page)).toEqual([])
  await anna.delete(`/api/messages/${said.id}`)
  await expect(link).toHaveCount(0)
  await expect(dialog.getByRole('tabpanel')).toContainText('Nie ma tu jeszcze linków')
  await keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(reader.button('Zdjęcia, pliki i linki')).toBeFocused()
})

test('older ones come with the button and by scrolling, and each is shown in the conversation', async () => {
  const id = await anna.talkTo(celina)
  const { body } = await upload(anna, 'Pierwszy', 'pierwszy.txt')
  await anna.say(id, 'Tu był pierwszy', { attachment_ids: [body.attachment.id] })
  for (let i = 0; i < 70; i++) await share(id, `plik-${i}.txt`, `${i}`)
  const reader = await arrive('celina')
  await reader.choose('Anna Kowalska')
  const dialog = await open(reader)
  await dialog.getByRole('tab', { name: 'Pliki' }).click()
  const items = dialog.getByRole('listitem')
  await expect(items).toHaveCount(30)
  await dialog.getByRole('button', { name: 'Pokaż starsze' }).press('Enter')
  await expect(items).toHaveCount(60)
  await expect(dialog.getByRole('link', { name: /^Plik plik-39\.txt/ })).toBeFocused()
  await dialog.getByRole('tabpanel').evaluate((panel) => panel.scrollTo(0, panel.scrollHeight))
  await expect(items).toHaveCount(71)
  await expect(dialog.getByRole('button', { name: 'Pokaż starsze' })).toHaveCount(0)
  await items.last().getByRole('button', { name: 'Pokaż w rozmowie' }).press('Enter')
  await expect(dialog).toHaveCount(0)
  await reader.sees('Tu był pierwszy')
  await expect(reader.message('Tu był pierwszy')).toBeFocused()
})

test('on a phone a picture opens full size, and leads to its message', async () => {
  const id = (await anna.post('/api/conversations', { name: 'Wycieczka', member_ids: [bartek.id] })).body
    .conversation.id
  const { body } = await upload(anna, photo, 'szczyt.png')
  await anna.say(id, 'Zdjęcie ze szczytu', { attachment_ids: [body.attachment.id] })
  await share(id, 'schronisko.png', photo)
  const reader = await arrive('bartek', { ...phone, viewport: { width: 320, height: 640 } })
  await reader.choose('Wycieczka')
  const dialog = await open(reader)
  expect(await reader.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  await dialog.getByRole('link', { name: /^Obraz schronisko\.png/ }).tap()
  const lightbox = reader.page.getByRole('dialog', { name: 'Obraz' })
  await lightbox.getByRole('button', { name: 'Następny obraz' }).tap()
  await expect(lightbox.getByRole('img', { name: 'szczyt.png' })).toBeVisible()
  expect(await faults(reader.page)).toEqual([])
  await lightbox.getByRole('button', { name: 'Pokaż w rozmowie' }).tap()
  await expect(reader.page.getByRole('dialog')).toHaveCount(0)
  await expect(reader.message('Zdjęcie ze szczytu')).toBeFocused()
  await reader.sees('Zdjęcie ze szczytu')
})

test('what cannot be loaded says so, and is tried again', async () => {
  await share(await anna.talkTo(bartek), 'wazne.txt', 'x')
  const reader = await arrive('bartek')
  await reader.choose('Anna Kowalska')
  await reader.page.route('**/files?kind=files*', (route) => route.fulfill({ status: 500, json: {} }))
  const dialog = await open(reader)
  await dialog.getByRole('tab', { name: 'Pliki' }).click()
  await expect(dialog.getByRole('tabpanel')).toContainText('Nie udało się wczytać', { timeout: 20_000 })
  expect(await faults(reader.page)).toEqual([])
  await reader.page.unroute('**/files?kind=files*')
  await dialog.getByRole('button', { name: 'Spróbuj jeszcze raz' }).click()
  await expect(dialog.getByRole('link', { name: /^Plik wazne\.txt/ })).toBeVisible()
  reader.errors.splice(0) // the browser itself reports every failed request
})

test('whoever is removed from a group sees no more of what it shares', async () => {
  const made = await anna.post('/api/conversations', { name: 'Zarząd', member_ids: [bartek.id] })
  const { id } = made.body.conversation
  await share(id, 'tajne.txt', 'x')
  const reader = await arrive('bartek')
  await reader.choose('Zarząd')
  const dialog = await open(reader)
  await expect(dialog.getByRole('tabpanel')).toContainText('Nie ma tu jeszcze zdjęć')
  await anna.delete(`/api/conversations/${id}/members/${bartek.id}`)
  await expect(dialog).toHaveCount(0)
  await expect(reader.page.getByText('Tej rozmowy już nie ma')).toBeVisible()
})
