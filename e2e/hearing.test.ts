import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import sharp from 'sharp'
import { beforeAll, test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { heard } from './heard.ts'
import { signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina } = service
let id: number

beforeAll(async () => {
  const members = { name: 'Zarząd', member_ids: [bartek.id, celina.id] }
  id = (await anna.post('/api/conversations', members)).body.conversation.id
  await celina.say(id, 'Zebranie we wtorek')
})

/** Somebody who has no mouse, and hears the page. */
async function walker() {
  const visitor = await arrive('anna')
  const { page } = visitor
  const hears = (words: string | RegExp) => expect.poll(() => heard(page)).toMatch(words)
  return {
    visitor,
    page,
    hears,
    press: async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    },
    /** Presses a key until something is heard. */
    find: async (words: string, key = 'Tab') => {
      for (let n = 0; n < 20 && !(await heard(page)).startsWith(words); n++) await page.keyboard.press(key)
      await hears(words)
    },
    /** Opens the group. */
    choose: async () => {
      await visitor.choose('Zarząd')
      await hears('textbox Napisz wiadomość')
    },
  }
}

/** What is heard of a list below the box while the focus stays in the box. */
const heardInList = ({ page }: Visitor) =>
  page.evaluate(() => {
    const id = document.activeElement?.getAttribute('aria-activedescendant')
    return id && document.getElementById(id)?.textContent?.trim()
  })

test('searching is heard: the box, how much was found, and where it leads', async () => {
  const { visitor, page, hears, press, find, choose } = await walker()
  await choose()
  await press('Control+k')
  await hears('searchbox Szukaj')
  await page.keyboard.type('zebraniu')
  await expect(page.getByRole('status').filter({ hasText: '1 wynik' })).toHaveCount(1)
  await find('button Wiadomości')
  await press('Escape')
  await hears('searchbox Szukaj')
  await press('ArrowDown')
  await hears(/^link .*Zarząd.*Zebranie we wtorek/)
  await press('Enter')
  await hears('article Celina Wójcik, GG:MM: Zebranie we wtorek')
  await press('Escape')
  await hears('textbox Napisz wiadomość')
  await visitor.sees('Zebranie we wtorek')
})

test('mentioning is heard: whom the list offers, and who was mentioned', async () => {
  const { visitor, page, hears, press, choose } = await walker()
  await choose()
  await page.keyboard.type('@cel')
  await expect.poll(() => heardInList(visitor)).toMatch(/Celina Wójcik/)
  await press('Enter')
  await page.keyboard.type('jesteś?')
  await press('Enter')
  await visitor.sees('jesteś?')
  await press('Shift+F6', 'End')
  await hears(/^article Ty, GG:MM: @Celina Wójcik jesteś\? ?, wysłano$/)
})

test('voting is heard: the question, each answer, the choice and the count', async () => {
  const poll = { question: 'Kto przyjdzie?', options: ['Będę', 'Nie dam rady'] }
  await celina.post(`/api/conversations/${id}/polls`, { ...poll, is_multiple: false, is_secret: false })
  const { hears, press, find, choose } = await walker()
  await choose()
  await press('Shift+F6', 'End')
  await hears(/^article Celina Wójcik, GG:MM: .*Kto przyjdzie\?/)
  await find('radio Będę (0 głosów)')
  await press('ArrowDown')
  await hears('radio Nie dam rady')
  await press('Space')
  await hears(/^radio Nie dam rady \(1 głos\), checked$/)
  await press('Escape')
  await hears('textbox Napisz wiadomość')
})

test('a voice message is heard: the recording, the message, and its player', async () => {
  const { page, hears, press, find, choose } = await walker()
  await choose()
  await find('button Nagraj wiadomość głosową')
  await press('Enter')
  await hears('button Wyślij')
  await expect(page.getByRole('timer')).toHaveText('0:01')
  await press('Enter')
  await hears('textbox Napisz wiadomość')
  await expect(page.getByRole('log').getByRole('slider')).toHaveCount(1)
  await press('Shift+F6', 'End')
  await hears(/^article Ty, GG:MM: Wiadomość głosowa \(0:0\d\), wysłano$/)
  for (const each of ['button Odtwórz', 'slider Miejsce w nagraniu', 'button Szybkość 1×']) {
    await press('Tab')
    await hears(each)
  }
})

test('an album is heard: how many pictures, each by its name, and in the large view', async () => {
  const { page, hears, press, find, choose } = await walker()
  await choose()
  await find('button Dołącz', 'Shift+Tab')
  await attachAlbum(page)
  await find('textbox Napisz wiadomość')
  await press('Enter')
  await expect(page.getByRole('log').getByRole('link', { name: 'Obraz c.png' })).toBeVisible()
  await press('Shift+F6', 'End')
  await hears('article Ty, GG:MM: zdjęcie a.png, zdjęcie b.png, zdjęcie c.png, wysłano')
  await press('Tab')
  await hears('link Obraz a.png')
  await press('Enter')
  await hears('button Zamknij')
  await press('ArrowRight')
  await expect(page.getByRole('dialog').getByRole('img', { name: 'b.png' })).toBeVisible()
  await press('Escape')
  await hears('link Obraz a.png')
})

async function attachAlbum(page: Page): Promise<void> {
  const buffer = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#4a7' } })
    .png()
    .toBuffer()
  const chosen = page.waitForEvent('filechooser')
  // The file chooser is intercepted only once the browser knows that it is awaited.
  await heard(page)
  await page.keyboard.press('Enter')
  await expect.poll(() => heard(page)).toBe('menuitem Pliki')
  await page.keyboard.press('Enter')
  const files = ['a', 'b', 'c'].map((name) => ({ name: `${name}.png`, mimeType: 'image/png', buffer }))
  await (await chosen).setFiles(files)
  await expect(page.getByRole('button', { name: /^Odłącz/ })).toHaveCount(3)
}
