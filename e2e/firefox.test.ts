import puppeteer, { type Page } from 'puppeteer-core'
import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { cast, password } from '../server/demo/cast.ts'
import { findFirefox } from '../server/testing/firefox.ts'
import { emptyFolder } from '../server/testing/folder.ts'
import { startService } from '../server/testing/service.ts'
import { shot } from './shot.ts'

const executablePath = findFirefox()
const service = await startService()
const { anna, bartek, celina } = service

const browser = executablePath
  ? await puppeteer.launch({
      browser: 'firefox',
      executablePath,
      headless: true,
      extraPrefsFirefox: {
        'intl.accept_languages': 'pl',
        // A microphone that beeps, and may always be used.
        'media.navigator.streams.fake': true,
        'media.navigator.permission.disabled': true,
      },
    })
  : undefined
afterAll(() => browser?.close())

/** Finds elements by role and name, as a screen reader does. */
const named = (page: Page, role: string, name: string) =>
  page.locator(`::-p-aria([name="${name}"][role="${role}"])`)

const texts = (page: Page) =>
  page.$$eval('#log article .text', (found) => found.map((each) => each.textContent.trim()))

const poll = { question: 'Kto przyjdzie?', options: ['Będę', 'Nie'], is_multiple: false, is_secret: false }

/** @returns the paths of pictures of these names */
function pictures(...names: string[]): Promise<string[]> {
  const folder = emptyFolder()
  return Promise.all(
    names.map(async (name) => {
      await sharp({ create: { width: 40, height: 30, channels: 3, background: '#4a7' } })
        .png()
        .toFile(`${folder}/${name}`)
      return `${folder}/${name}`
    }),
  )
}

test.skipIf(!browser)(
  'in Firefox one signs in, opens, sends, hears, answers, reacts, attaches, votes, speaks and finds, at a desk and on a phone',
  async () => {
    const id = await anna.talkTo(bartek)
    await bartek.say(id, 'Witaj')
    await celina.say(await celina.talkTo(anna), 'Później')
    const page = await browser!.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.setViewport({ width: 1280, height: 800 })

    await page.goto(`${service.address}/logowanie`)
    await page.locator('[name=email]').fill(cast.anna.email)
    await page.locator('[name=password]').fill(password)
    await page.keyboard.press('Enter')
    await named(page, 'link', 'Bartek Zieliński').click()
    await expect.poll(() => texts(page)).toEqual(['Witaj'])

    const input = await page.waitForSelector('.ql-editor')
    await input!.click()
    await page.keyboard.type('Dzień dobry')
    await page.keyboard.press('Enter')
    await expect.poll(() => texts(page)).toEqual(['Witaj', 'Dzień dobry'])
    await bartek.say(id, 'Na żywo')
    await expect.poll(() => texts(page)).toEqual(['Witaj', 'Dzień dobry', 'Na żywo'])

    const menuOfLast = async () => {
      await page.focus('#log')
      await page.keyboard.press('End')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
    }
    await menuOfLast()
    await named(page, 'menuitemcheckbox', '👍').click()
    await named(page, 'button', '👍 1: Anna Kowalska').wait()
    await menuOfLast()
    await named(page, 'menuitem', 'Odpowiedz').click()
    await page.keyboard.type('Odpowiedź')
    await page.keyboard.press('Enter')
    await page.waitForSelector('article [data-reply-to]')

    const chooser = await page.waitForSelector('input#files')
    await chooser!.uploadFile(...(await pictures('kot.png', 'pies.png')))
    for (const name of ['kot.png', 'pies.png']) await named(page, 'button', `Odłącz ${name}`).wait()
    await named(page, 'button', 'Wyślij').click()
    for (const name of ['kot.png', 'pies.png']) await named(page, 'link', `Obraz ${name}`).wait()

    await bartek.post(`/api/conversations/${id}/polls`, poll)
    await named(page, 'radio', 'Będę (0 głosów)').click()
    await named(page, 'radio', 'Będę (1 głos)').wait()

    await named(page, 'button', 'Nagraj wiadomość głosową').click()
    await page.waitForFunction(() => document.querySelector('[role=timer]')?.textContent === '0:01')
    await page.keyboard.press('Enter')
    await named(page, 'slider', 'Miejsce w nagraniu').wait()
    // It may be over before its button is seen to have changed.
    await page.evaluate(() => {
      const note = () => document.body.classList.add('has-played')
      document.addEventListener('playing', note, { capture: true, once: true })
    })
    await named(page, 'button', 'Odtwórz').click()
    await page.waitForSelector('.has-played')

    await page.locator('#search').fill('wójcik')
    await expect.poll(() => page.$$eval('#found nav a', (rows) => rows.length)).toBe(1)
    await page.setViewport({ width: 390, height: 844 })
    await named(page, 'button', 'Wróć').click()
    await named(page, 'link', 'Celina Wójcik').click()
    await expect.poll(() => texts(page)).toEqual(['Później'])
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBe(390)
    await shot(page, 'firefox')
    expect(errors).toEqual([])
  },
  120_000,
)
