import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid } = service
const { sql } = await import('../server/db/client.ts')

const longName = 'Najdłuższa-Podwójnonazwiskowa Wielkopolska'
await sql`
  insert into users (email, username, name) values
    ('salma@example.org', 'salma', 'سلمى أحمد'), ('dluga@example.org', 'dluga', ${longName})`

async function group(name: string): Promise<number> {
  const others = await sql<{ id: number }[]>`
    select id from users where username in ('bartek', 'celina', 'dawid', 'salma', 'dluga')`
  const member_ids = others.map(({ id }) => id)
  const { body } = await anna.post('/api/conversations', { name, member_ids })
  return body.conversation.id
}

const field = ({ page }: Visitor) => page.locator('.ql-editor')
const list = ({ page }: Visitor) => page.getByRole('listbox', { name: 'Osoby do oznaczenia' })
const options = (visitor: Visitor) => list(visitor).getByRole('option')
const span = ({ id }: { id: number }, name: string) =>
  `<span class="mention" data-user-id="${id}">@${name}</span>`
const last = async (id: number) => (await anna.get(`/api/conversations/${id}/messages`)).body.messages.at(-1)

test('a mention is chosen by keyboard, goes as a whole, and is kept by drafts and edits', async () => {
  const id = await group('Klawiatura')
  const writer = await arrive('anna')
  const { page } = writer
  await writer.choose('Klawiatura')
  await field(writer).click()
  await page.keyboard.type('pisz na jan@a')
  await expect(list(writer)).toHaveCount(0)
  await page.keyboard.type(' albo @')
  await expect(options(writer)).toHaveCount(5)
  await expect(page.locator('#announcer')).toHaveText('Pasuje 5 osób')
  await expect(field(writer)).toHaveRole('combobox')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('ArrowUp')
  await expect(options(writer).last()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowDown')
  await expect(options(writer).first()).toHaveAttribute('aria-selected', 'true')
  await expect(field(writer)).toHaveAttribute('aria-activedescendant', `mention-${bartek.id}`)
  await page.keyboard.press('Escape')
  await expect(list(writer)).toHaveCount(0)
  await expect(field(writer)).toHaveRole('textbox')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('@zol')
  await expect(options(writer)).toHaveText([/Dawid Żółkiewski/])
  await page.keyboard.press('Tab')
  await expect(field(writer).locator('.mention')).toHaveText(/@Dawid Żółkiewski/)
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await expect(field(writer)).toHaveText('pisz na jan@a albo')
  await page.keyboard.type('@CELINA w')
  await page.keyboard.press('Enter')
  await page.keyboard.type('i @anna')
  await expect(list(writer)).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('ControlOrMeta+x')
  await page.keyboard.press('ControlOrMeta+v')
  const drafts = () => page.evaluate(() => JSON.stringify(Object.values(localStorage)))
  await expect.poll(drafts).toMatch(/Celina Wójcik.* i @anna/)
  await page.reload()
  await expect(field(writer)).toHaveText(/@Celina Wójcik.* i @anna/)
  await field(writer).click()
  // A list that was opened at another place of the cursor must not take the key.
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  const content = `<p>pisz na jan@a albo ${span(celina, 'Celina Wójcik')} i @anna</p>`
  await expect.poll(async () => (await last(id))?.content).toBe(content)
  await field(writer).click()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.type('!')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await last(id))?.content).toBe(content.replace('</p>', '!</p>'))
})

test('who is mentioned sees it in the list and in the message, even in a group they muted', async () => {
  const id = await group('Wyciszona grupa')
  const reader = await arrive('bartek')
  await reader.choose('Wyciszona grupa')
  await reader.button('Informacje o rozmowie').click()
  const settings = reader.page.getByRole('group', { name: 'Powiadomienia' })
  await expect(settings.getByRole('radio', { name: /Wszystkie/ })).toBeChecked()
  await settings.getByRole('radio', { name: /Tylko wzmianki/ }).check()
  await expect(reader.inList('Wyciszona grupa')).toHaveAccessibleDescription(/Wyciszona/)
  await reader.page.goto(`${service.address}/wiadomosci`)
  await anna.say(id, 'zwykła')
  const row = reader.inList('Wyciszona grupa')
  await expect(row).toHaveAccessibleDescription(/1 nieprzeczytana wiadomość/)
  await expect(row.locator('.badge--mention')).toHaveCount(0)
  const message = await anna.say(id, `<p>Pytanie do ${span(bartek, '')} i ${span(celina, '')}</p>`)
  await expect(row).toHaveAccessibleDescription(/1 wzmianka o tobie/)
  await expect(row.locator('.badge--mention')).toHaveText('@')
  await reader.page.reload()
  await expect(row.locator('.badge--mention')).toHaveText('@')
  await anna.patch(`/api/messages/${message.id}`, { content: 'Pytanie do nikogo' })
  await expect(row.locator('.badge--mention')).toHaveCount(0)
  await anna.patch(`/api/messages/${message.id}`, { content: message.content })
  await expect(row.locator('.badge--mention')).toHaveText('@')
  expect(await faults(reader.page)).toEqual([])
  await row.click()
  const mine = reader.log.getByRole('button', { name: '@Bartek Zieliński' })
  await expect(mine).toHaveClass(/mention--me/)
  await expect(row.locator('.badge--mention')).toHaveCount(0)
  await reader.log.focus()
  await reader.page.keyboard.press('ArrowUp')
  await mine.focus()
  await reader.page.keyboard.press('Enter')
  await expect(reader.page.getByRole('dialog', { name: 'Bartek Zieliński' })).toBeVisible()
  await reader.page.keyboard.press('Escape')
  await expect(mine).toBeFocused()
  await celina.delete(`/api/conversations/${id}/members/${celina.id}`)
  await reader.log.getByRole('button', { name: '@Celina Wójcik' }).click()
  await expect(reader.page.getByRole('dialog', { name: 'Celina Wójcik' })).toBeVisible()
  expect(await faults(reader.page)).toEqual([])
})

test.each([390, 320])('at %i px long and Arabic names fit, and are chosen by touch', async (width) => {
  const id = await group(`Dotyk ${width}`)
  const writer = await arrive('anna', { ...phone, viewport: { width, height: 640 } })
  await writer.choose(`Dotyk ${width}`)
  await field(writer).tap()
  await writer.page.keyboard.type('@')
  await expect(options(writer)).toHaveCount(5)
  expect(await faults(writer.page)).toEqual([])
  for (const box of await Promise.all((await options(writer).all()).map((option) => option.boundingBox()))) {
    expect(box!.height).toBeGreaterThanOrEqual(44)
    expect(box!.x).toBeGreaterThanOrEqual(0)
    expect(box!.x + box!.width).toBeLessThanOrEqual(width)
  }
  await options(writer).filter({ hasText: 'سلمى' }).tap()
  await expect(field(writer)).toBeFocused()
  await writer.page.keyboard.type('@naj')
  await options(writer).tap()
  const keyboard = await writer.page.context().newCDPSession(writer.page)
  await writer.page.keyboard.type('@')
  for (const text of ['z', 'zo', 'zol'])
    await keyboard.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    })
  await expect(options(writer)).toHaveText([/Dawid Żółkiewski/])
  await options(writer).tap()
  await expect(list(writer)).toHaveCount(0)
  await expect(field(writer)).not.toContainText('zol')
  await writer.button('Wyślij').tap()
  const mentions = writer.log.getByRole('button', { name: /^@/ })
  await expect(mentions).toHaveText(['@سلمى أحمد', `@${longName}`, '@Dawid Żółkiewski'])
  await expect.poll(async () => (await last(id))?.mentions.length).toBe(3)
  for (const box of await Promise.all((await mentions.all()).map((mention) => mention.boundingBox())))
    expect(box!.x + box!.width).toBeLessThanOrEqual(width)
  expect(await faults(writer.page)).toEqual([])
})

test('in a conversation of two nobody is offered', async () => {
  await anna.say(await anna.talkTo(dawid), 'Cześć')
  const writer = await arrive('dawid')
  await writer.choose('Anna Kowalska')
  await field(writer).click()
  await writer.page.keyboard.type('@a')
  await expect(field(writer)).toHaveText('@a')
  await expect(list(writer)).toHaveCount(0)
  await writer.button('Informacje o rozmowie').click()
  await expect(writer.page.getByRole('switch', { name: /Wycisz/ })).toBeVisible()
})

test('of choices made quickly the last one is stored', async () => {
  const id = await group('Szybko')
  const reader = await arrive('anna')
  await reader.choose('Szybko')
  const bodies: string[] = []
  await reader.page.route('**/settings', async (route) => {
    bodies.push(route.request().postData() ?? '')
    // The first answer is the slowest.
    await new Promise((resolve) => setTimeout(resolve, 600 / bodies.length))
    await route.continue()
  })
  await reader.button('Informacje o rozmowie').click()
  const settings = reader.page.getByRole('group', { name: 'Powiadomienia' })
  for (const name of [/Tylko wzmianki/, /Nic/, /Wszystkie/, /Nic/])
    await settings.getByRole('radio', { name }).click()
  const stored = async () => (await anna.get(`/api/conversations/${id}`)).body.conversation.notify
  await expect.poll(stored).toBe('none')
  await reader.page.waitForTimeout(800)
  expect([await stored(), bodies.length]).toEqual(['none', 2])
  await expect(settings.getByRole('radio', { name: /Nic/ })).toBeChecked()
})

test('who is no longer active is not offered', async () => {
  await group('Odeszli')
  await sql`update users set is_active = false where id = ${celina.id}`
  const writer = await arrive('anna')
  await writer.choose('Odeszli')
  await field(writer).click()
  await writer.page.keyboard.type('@')
  await expect(options(writer).filter({ hasText: 'Bartek' })).toHaveCount(1)
  await expect(options(writer).filter({ hasText: 'Celina' })).toHaveCount(0)
  await sql`update users set is_active = true where id = ${celina.id}`
})
