import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, dawid } = service

const field = ({ page }: Visitor) => page.locator('.ql-editor')
const list = ({ page }: Visitor) => page.getByRole('listbox', { name: 'Emoji' })
const options = (visitor: Visitor) => list(visitor).getByRole('option')
const last = async (id: number) =>
  (await anna.get(`/api/conversations/${id}/messages?limit=1`)).body.messages[0]?.content

async function writing(name: string, options = {}): Promise<{ writer: Visitor; id: number }> {
  const member_ids = [bartek.id, dawid.id]
  const id = (await anna.post('/api/conversations', { name, member_ids })).body.conversation.id
  const writer = await arrive('anna', options)
  await writer.inList(name).click()
  await field(writer).click()
  return { writer, id }
}
const clear = async ({ page }: Visitor) => {
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('Delete')
}

test('emoji are offered by their names, and taken by keyboard or pointer', async () => {
  const { writer, id } = await writing('Emoji')
  const { keyboard } = writer.page
  await keyboard.type('Pora na :k')
  await expect(list(writer)).toHaveCount(0)
  await keyboard.type('aw')
  await expect(options(writer).first()).toHaveText(/☕.*gorący napój.*kawa/s)
  await expect(writer.page.locator('#announcer')).toHaveText(/^Pasujące emoji: \d$/)
  await expect(field(writer)).toHaveAttribute('aria-activedescendant', 'emoji-0')
  expect(await faults(writer.page)).toEqual([])
  await keyboard.press('ArrowDown')
  await expect(options(writer).nth(1)).toHaveAttribute('aria-selected', 'true')
  await keyboard.press('ArrowUp')
  await keyboard.press('Tab')
  await expect(field(writer)).toHaveText('Pora na ☕')
  await keyboard.type(' i :cias')
  await expect(list(writer)).toBeVisible()
  await keyboard.press('Escape')
  await expect(list(writer)).toHaveCount(0)
  await keyboard.type('t')
  await expect(list(writer)).toHaveCount(0)
  await keyboard.type(' :herb')
  await options(writer).filter({ hasText: '🍵' }).click()
  await expect(field(writer)).toBeFocused()
  await keyboard.type('!')
  await keyboard.press('Enter')
  await expect.poll(() => last(id)).toBe('<p>Pora na ☕ i :ciast 🍵!</p>')
  // Used lately, it comes first among those that fit as well.
  await keyboard.type(':her')
  await expect(options(writer).first()).toHaveText(/🍵/)
})

test('a name that is written out becomes the emoji, and an undo brings it back', async () => {
  const { writer } = await writing('Całe nazwy')
  const { keyboard } = writer.page
  await keyboard.type(':kawa: ')
  await expect(field(writer)).toHaveText('☕')
  await keyboard.type('i :thumbs_up: i :żółw:')
  await expect(field(writer)).toHaveText('☕ i 👍 i 🐢')
  await keyboard.press('ControlOrMeta+z')
  await expect(field(writer)).toHaveText('☕ i 👍 i :żółw:')
  await keyboard.type(' tak')
  await expect(field(writer)).toHaveText('☕ i 👍 i :żółw: tak')
})

const untouched = [
  'o 10:30',
  'o 10:30:15',
  ':) ;) :-) :D :P :x',
  ':DD :xD',
  'https://x.pl:kawa:',
  'słowo:kawa:',
  'def f(x):kawa',
  'uwaga: kawa: tak',
  ':niemataki:',
]
test('times, smileys, addresses and code stay as they are typed', async () => {
  const { writer, id } = await writing('Nietknięte')
  const { keyboard } = writer.page
  for (const text of untouched) {
    await keyboard.type(text)
    await expect(list(writer), text).toHaveCount(0)
    await expect(field(writer)).toHaveText(text)
    await keyboard.press('Enter')
    await expect.poll(() => last(id)).toContain(text.slice(0, 5))
  }
  await keyboard.type('x')
  await keyboard.press('Shift+ArrowLeft')
  await writer.page.locator('#format-bar [data-format="code"]').click()
  await keyboard.press('End')
  await keyboard.type(':kawa: :kaw')
  await expect(list(writer)).toHaveCount(0)
  await expect(field(writer).locator('code')).toHaveText('x:kawa: :kaw')
  await clear(writer)
})

test('on a phone the list fits, and is chosen from by touch', async () => {
  const { writer } = await writing('Telefon', { ...phone, viewport: { width: 320, height: 640 } })
  await writer.page.keyboard.type('Na :ser')
  await expect(options(writer).first()).toBeVisible()
  expect(await writer.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  for (const option of await options(writer).all())
    expect((await option.boundingBox())!.height).toBeGreaterThanOrEqual(44)
  await options(writer).first().tap()
  await expect(field(writer)).toHaveText('Na 🧀')
})

test('mentions and emoji are completed side by side', async () => {
  const { writer, id } = await writing('Obok')
  const { keyboard } = writer.page
  await keyboard.type('@bart')
  await expect(writer.page.getByRole('listbox', { name: 'Osoby do oznaczenia' })).toBeVisible()
  await keyboard.press('Enter')
  await keyboard.type(':kaw')
  await expect(list(writer)).toBeVisible()
  await keyboard.press('Enter')
  await keyboard.press('Enter')
  await expect
    .poll(() => last(id))
    .toBe(`<p><span class="mention" data-user-id="${bartek.id}">@Bartek Zieliński</span> ☕</p>`)
})

test('the picker finds the common ones first', async () => {
  const { writer } = await writing('Wybór')
  await writer.button('Emoji').click()
  const search = writer.page.getByRole('searchbox', { name: 'Szukaj emoji' })
  await search.fill('serce')
  await expect(writer.page.locator('.emoji__found .emoji__one').first()).toHaveText('❤️')
  await search.press('Enter')
  await expect(field(writer)).toHaveText('❤️')
})
