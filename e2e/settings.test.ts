import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import { beforeAll, test } from 'vitest'
import { flood } from '../server/testing/flood.ts'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, ewa } = service

test('members set their name, language and what others may see', async () => {
  const member = await arrive('ewa')
  await member.button('Twoje konto').click()
  await member.button('Ustawienia').click()
  await member.dialog.getByLabel('Ukryj czas ostatniej wizyty').check()
  await member.button('Zapisz').click()
  await expect(member.page.getByText('Zapisano ustawienia.')).toBeVisible()
  expect((await ewa.get('/api/users/me')).body.user.show_last_seen).toBe(false)
  await member.button('Twoje konto').click()
  await member.button('Ustawienia').click()
  await expect(member.dialog.getByLabel('Ukryj czas ostatniej wizyty')).toBeChecked()
  await member.dialog.getByLabel('Imię i nazwisko').fill('Ewa Nowa')
  await member.dialog.getByLabel('Język').selectOption('English')
  await member.button('Zapisz').click()
  await expect(member.page.getByRole('heading', { name: 'Conversations', exact: true })).toBeVisible()
  expect((await ewa.get('/api/users/me')).body.user.display_name).toBe('Ewa Nowa')
})

let minutes: number
beforeAll(async () => {
  minutes = await anna.talkTo(service.bartek)
  for (let i = 1; i <= 50; i++)
    await (i % 3 ? anna : service.bartek).say(
      minutes,
      `<p>punkt ${i}. ${'Omówiono sprawy bieżące. '.repeat(6)}</p>`,
    )
  await anna.post(`/api/conversations/${minutes}/read`)
  const { sql } = await import('../server/db/client.ts')
  await sql`update messages set created_at = created_at - interval '1 day' where seq <= 25`
})

const sizeOf = (visitor: Visitor, text: string) =>
  visitor
    .message(text)
    .locator('p')
    .evaluate((words) => Number.parseFloat(getComputedStyle(words).fontSize))

test('the chosen text size applies at once and on the next page', async () => {
  const member = await arrive('anna')
  await member.open(`/wiadomosci/${minutes}`)
  const before = await sizeOf(member, 'punkt 50.')
  await member.button('Twoje konto').click()
  await member.button('Ustawienia').click()
  await member.dialog.getByLabel('Bardzo duży').check()
  await member.button('Zapisz').click()
  await expect.poll(() => sizeOf(member, 'punkt 50.')).toBe(before * 1.5)
  await member.page.reload()
  expect(await sizeOf(member, 'punkt 50.')).toBe(before * 1.5)
  // On the narrowest phone nothing may be cut off or scroll sideways.
  await member.page.setViewportSize({ width: 320, height: 640 })
  for (const name of ['Wróć', 'Informacje o rozmowie', 'Nagraj wiadomość głosową'])
    await expect(member.button(name)).toBeInViewport({ ratio: 1 })
  await member.input.fill('Jestem')
  for (const name of ['Wyślij później', 'Wyślij'])
    await expect(member.button(name)).toBeInViewport({ ratio: 1 })
  expect(await member.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  await anna.patch('/api/users/me/settings', { text_size: 'normal' })
})

test('who has chosen that Enter breaks the line sends with Ctrl+Enter, on every device', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Enter', member_ids: [bartek.id] })
  const { id } = body.conversation
  const texts = async () =>
    (await anna.get(`/api/conversations/${id}/messages`)).body.messages.map(({ content }) => content)
  const writer = await arrive('anna')
  await writer.choose('Enter')
  await writer.input.click()
  await writer.page.keyboard.type('od razu')
  await writer.page.keyboard.press('Control+Enter')
  await expect.poll(texts).toEqual(['<p>od razu</p>'])
  await writer.button('Twoje konto').click()
  await writer.button('Ustawienia').click()
  await writer.dialog.getByLabel('Enter wysyła wiadomość').uncheck()
  expect(await faults(writer.page)).toEqual([])
  await writer.button('Zapisz').click()
  await expect(writer.page.getByText('Zapisano ustawienia.')).toBeVisible()
  const breaks = async ({ page, input }: Visitor, text: string) => {
    await input.click()
    await page.keyboard.type(text)
    await page.keyboard.press('Enter')
    await page.keyboard.type('b')
    await page.keyboard.press('Control+Enter')
  }
  await breaks(writer, 'a')
  await expect.poll(texts).toEqual(['<p>od razu</p>', '<p>a</p><p>b</p>'])
  const other = await arrive('anna')
  await other.choose('Enter')
  await breaks(other, 'c')
  await expect.poll(texts).toEqual(['<p>od razu</p>', '<p>a</p><p>b</p>', '<p>c</p><p>b</p>'])
  await anna.patch('/api/users/me/settings', { enter_sends: true })
})

test('the day in view is shown at the top', async () => {
  const member = await arrive('anna')
  await member.open(`/wiadomosci/${minutes}`)
  const day = (name: string) => member.log.locator('.day:not(.day--covered)', { hasText: name })
  await member.isLive()
  await expect(day('Dzisiaj')).toBeInViewport()
  await member.message('punkt 5.').scrollIntoViewIfNeeded()
  await expect(day('Wczoraj')).toBeInViewport()
  await expect(day('Dzisiaj')).not.toBeInViewport()
})

test('the whole conversation is printed with names and days, wherever it was scrolled', async () => {
  const member = await arrive('anna')
  await member.open(`/wiadomosci/${minutes}`)
  await member.message('punkt 20.').scrollIntoViewIfNeeded()
  const pdf = await member.page.pdf({ format: 'A4' })
  expect(pdf.toString('latin1').match(/\/Type *\/Page\b/g)?.length).toBeGreaterThan(2)
  await member.page.emulateMedia({ media: 'print' })
  const paper = await member.page.evaluate(() => document.documentElement.scrollHeight)
  for (const text of ['punkt 1.', 'punkt 50.']) {
    const { y, height } = (await member.message(text).boundingBox())!
    const top = y + (await member.page.evaluate(() => scrollY))
    expect(top >= 0 && top + height <= paper).toBe(true)
  }
  await expect(member.page.locator('.day', { hasText: 'Wczoraj' })).toBeVisible()
  const names = await member.log
    .locator('[data-name]')
    .evaluateAll((all) => all.map((who) => getComputedStyle(who, '::before').content))
  expect(new Set(names)).toEqual(new Set(['"Anna Kowalska"', '"Bartek Zieliński"']))
  for (const gone of [member.input, member.inList('Bartek Zieliński'), member.button('Wyślij')])
    await expect(gone).toBeHidden()
})

test('a partly loaded conversation is printed whole, from the panel or with Ctrl+P', async () => {
  const { body } = await bartek.post('/api/conversations', { name: 'Kronika', member_ids: [anna.id] })
  const { id } = body.conversation
  await flood(id, bartek.id, 450)
  const member = await arrive('anna')
  await member.open(`/wiadomosci/${id}`)
  await member.button('Przejdź do najnowszych').click()
  await expect(member.message('nr 450.')).toBeInViewport()
  await expect(member.message('nr 300.')).toHaveCount(0)
  const printed = async (ask: () => Promise<void>): Promise<Page> => {
    const [paper] = await Promise.all([member.page.waitForEvent('popup'), ask()])
    await paper.waitForLoadState()
    return paper
  }
  for (const ask of [
    () => member.page.keyboard.press('Control+p'),
    async () => {
      await member.button('Informacje o rozmowie').click()
      await member.page.getByRole('link', { name: 'Drukuj rozmowę' }).click()
    },
  ]) {
    const paper = await printed(ask)
    const texts = await paper.locator('article .text').allTextContents()
    expect(texts.map((text) => /nr (\d+)\./.exec(text)?.[1])).toEqual(
      Array.from({ length: 450 }, (_, i) => String(i + 1)),
    )
    await expect(paper.getByRole('heading', { name: 'Kronika' })).toBeVisible()
    expect(await faults(paper)).toEqual([])
    await paper.close()
  }
})

test('at 400 % zoom the messages have more height than everything around them', async () => {
  const member = await arrive('anna', { viewport: { width: 320, height: 256 } })
  await member.open(`/wiadomosci/${minutes}`)
  await expect(member.input).toBeInViewport({ ratio: 1 })
  expect((await member.log.boundingBox())!.height).toBeGreaterThan(128)
  await member.button('Wróć').click()
  await member.button('Nowa rozmowa').click()
  await member.dialog.getByRole('button').last().scrollIntoViewIfNeeded()
  await expect(member.dialog.getByRole('button').last()).toBeInViewport({ ratio: 1 })
})

test('with forced colours everything has an edge', async () => {
  const member = await arrive('anna', { forcedColors: 'active' })
  await member.open(`/wiadomosci/${minutes}`)
  for (const name of [
    '.bubble',
    '.day',
    '.filter',
    '.search input',
    '.head',
    '.composer__input',
    '.avatar',
  ]) {
    const widths = await member.page
      .locator(name)
      .evaluateAll((all) => all.map((one) => Number.parseFloat(getComputedStyle(one).borderBottomWidth)))
    expect([name, Math.min(...widths) > 0]).toEqual([name, true])
  }
  const ground = (name: string) =>
    member.page
      .locator(name)
      .first()
      .evaluate((one) => getComputedStyle(one).backgroundColor)
  expect(await ground('.row a[aria-current]')).not.toBe(await ground('.rows'))
})
