import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors, type Visitor, visitor } from './people.ts'
import { shot } from './shot.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid } = service
const { sql } = await import('../server/db/client.ts')

const { id: garden } = (
  await anna.post('/api/conversations', { name: 'Ogród', member_ids: [bartek.id, dawid.id] })
).body.conversation
const buried = await bartek.say(garden, 'Konewka i grabie stoją w szopie, klucz ma <b>sąsiad</b>')
for (let i = 1; i <= 120; i++) await anna.say(garden, `wpis nr ${i} o grządkach`)
await sql`
  update messages set created_at = timestamptz '2026-02-01T12:00:00Z' + (id - ${buried.id}) * interval '1 day'
  where conversation_id = ${garden} and id < (select last_message_id from conversations where id = ${garden})`
for (const who of [bartek, dawid]) await who.post(`/api/conversations/${garden}/read`)
const notes = await dawid.talkTo(anna)
await dawid.say(notes, 'Czy konewka jest nasza?')
const upload = new FormData()
upload.append('file', new Blob(['sprawozdanie z ogrodu']), 'sprawozdanie.txt')
const { attachment } = (await anna.request('POST', '/api/messages/upload', { body: upload })).body
await anna.say(notes, 'Przesyłam sprawozdanie', { attachment_ids: [attachment.id] })

const box = ({ page }: Visitor) => page.getByRole('searchbox', { name: 'Szukaj', exact: true })
const part = ({ page }: Visitor, name: string) => page.getByRole('group', { name, exact: true })
const said = ({ page }: Visitor) => page.locator('#found-count')

/** Runs axe on each state of the page, and collects its findings by state. */
function axeChecks(page: Page, prefix: string) {
  const wrong: Record<string, string[]> = {}
  return {
    wrong,
    check: async (state: string) => {
      const found = await faults(page)
      if (found.length) wrong[state] = found
      await shot(page, `${prefix}-${state}`)
    },
  }
}

test('one box finds conversations, people and messages, by keyboard, and shows a message in its place', async () => {
  const reader = await arrive('dawid')
  const { page } = reader
  const { check, wrong } = axeChecks(page, 'find')
  await reader.choose('Anna Kowalska')
  await expect(reader.input).toBeFocused()
  await page.keyboard.press('Control+k')
  await expect(box(reader)).toBeFocused()
  await page.keyboard.type('ogrod')
  await expect(reader.inList('Ogród')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(reader.input).toBeFocused()
  await expect(box(reader)).toHaveValue('')

  await page.keyboard.press('Control+k')
  await expect(box(reader)).toBeFocused()
  await page.keyboard.type('konewka')
  const messages = part(reader, 'Wiadomości').getByRole('link')
  await expect(messages).toHaveCount(2)
  await expect(said(reader)).toHaveText('2 wyniki')
  await expect(messages.last().locator('mark')).toHaveText('Konewka')
  await check('results')
  await page.keyboard.press('ArrowDown')
  await expect(messages.first()).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(box(reader)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Ogród' })).toBeVisible()
  await expect(reader.message('Konewka i grabie')).toBeInViewport()
  await expect(reader.message('Konewka i grabie')).toBeFocused()
  await expect(reader.message('wpis nr 120 ')).toHaveCount(0)
  await expect(messages.last()).toHaveAttribute('aria-current', 'true')
  await check('opened')

  await box(reader).fill('wpis')
  const entries = part(reader, 'Wiadomości').getByRole('link')
  await expect(entries).toHaveCount(5)
  await expect(said(reader)).toHaveText('Najnowsze wyniki: 5. Jest ich więcej.')
  await part(reader, 'Wiadomości').getByRole('button', { name: 'Pokaż więcej' }).click()
  await expect(entries).toHaveCount(25)
  await expect(entries.nth(5)).toBeFocused()

  const gone = await anna.say(garden, 'Sekator do zwrotu')
  await box(reader).fill('sekator')
  await expect(part(reader, 'Wiadomości').getByRole('link')).toHaveCount(1)
  await anna.delete(`/api/messages/${gone.id}`)
  await expect(page.getByRole('heading', { name: 'Nic nie znaleziono' })).toBeVisible()

  await box(reader).fill('sprawozdanie')
  await expect(
    part(reader, 'Pliki').getByRole('link', { name: /sprawozdanie\.txt.*Anna Kowalska/ }),
  ).toBeVisible()
  await check('files')
  await reader.button('Pliki').click()
  await expect(part(reader, 'Wiadomości')).toHaveCount(0)
  await expect(part(reader, 'Pliki').getByRole('link')).toHaveCount(1)
  await reader.button('Wszystko').click()

  await box(reader).fill('celina')
  await check('people')
  await part(reader, 'Osoby')
    .getByRole('button', { name: /Celina/ })
    .click()
  await expect(page.getByRole('heading', { name: 'Celina Wójcik' })).toBeVisible()
  await box(reader).fill('nikt taki')
  await expect(page.getByRole('heading', { name: 'Nic nie znaleziono' })).toBeVisible()
  await check('nothing')
  await box(reader).fill('')
  await expect(reader.inList('Ogród')).toBeVisible()
  expect(wrong).toEqual({})
})

test('a late answer is left out, a slow one is waited for, and a failed one is asked for again', async () => {
  const reader = await (await visitor(service.address)).signIn('dawid')
  const { page } = reader
  const { check, wrong } = axeChecks(page, 'find')
  const late: (() => Promise<void>)[] = []
  const hold = (words: string) =>
    page.route(
      (url) => url.pathname === '/api/search' && url.searchParams.get('q') === words,
      (route) => void late.push(() => route.continue().catch(() => {})),
    )
  await hold('grabie')
  await box(reader).fill('grabie')
  await expect(page.getByRole('img', { name: 'Szukanie' })).toBeVisible()
  await check('waiting')
  await box(reader).fill('wpis')
  const messages = part(reader, 'Wiadomości').getByRole('link')
  await expect(messages.first()).toContainText('wpis nr 120')
  for (const answer of late) await answer()
  await expect(messages).toHaveCount(5)
  await expect(messages.first()).toContainText('wpis nr 120')

  await page.route('**/api/search*', (route) => route.fulfill({ status: 503, json: {} }), { times: 2 })
  await box(reader).fill('konewka')
  await expect(page.getByRole('heading', { name: 'Nie udało się wyszukać' })).toBeVisible()
  await check('failed')
  await reader.button('Spróbuj jeszcze raz').click()
  await expect(messages).toHaveCount(2)

  await page.context().setOffline(true)
  await box(reader).fill('ogród')
  await expect(page.getByText('Brak połączenia, więc widać tylko część wyników.')).toBeVisible()
  await check('offline')
  await page.context().setOffline(false)
  await expect(page.getByText('więc widać tylko część wyników')).toHaveCount(0)
  expect(wrong).toEqual({})
  await page.context().close()
})

test('one conversation is searched, by who wrote and when; on a phone Back leads to what was found', async () => {
  const reader = await arrive('dawid', { ...phone, viewport: { width: 320, height: 640 } })
  const { page } = reader
  const { check, wrong } = axeChecks(page, 'find-phone')
  await reader.choose('Ogród')
  await reader.button('Informacje o rozmowie').click()
  await check('details')
  await reader.button('Szukaj w rozmowie').click()
  await expect(box(reader)).toBeFocused()
  await expect(page.getByText('Wpisz co najmniej 2 znaki.')).toBeVisible()
  await check('scope')
  await box(reader).fill('konewka')
  const messages = part(reader, 'Wiadomości').getByRole('link')
  await expect(messages).toHaveCount(1)
  await reader.button('Filtry').click()
  await page.getByLabel('Od kogo').selectOption('Anna Kowalska')
  await expect(page.getByRole('heading', { name: 'Nic nie znaleziono' })).toBeVisible()
  await page.getByLabel('Od kogo').selectOption('Bartek Zieliński')
  await page.getByLabel('Od dnia').fill('2026-02-02')
  await expect(page.getByRole('heading', { name: 'Nic nie znaleziono' })).toBeVisible()
  await page.getByLabel('Od dnia').fill('2026-02-01')
  await page.getByLabel('Do dnia').fill('2026-02-01')
  await expect(messages).toHaveCount(1)
  await check('filters')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  await reader.button('Filtry, włączone').click()
  await page.setViewportSize({ width: 390, height: 844 })
  await check('narrowed')
  await messages.click()
  await expect(reader.message('Konewka i grabie')).toBeInViewport()
  await check('opened')
  await page.goBack()
  await expect(messages).toBeVisible()
  await reader.button('Szukaj we wszystkich rozmowach').click()
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Ogród' })).toBeVisible()
  await reader.button('Informacje o rozmowie').click()
  await reader.button('Przejdź do daty').click()
  await reader.dialog.getByLabel('Dzień').fill('2026-05-02')
  await reader.dialog.getByRole('button', { name: 'Przejdź', exact: true }).click()
  await expect(reader.message('wpis nr 90 ')).toBeInViewport()
  expect(wrong).toEqual({})
})

test('a conversation is read from a day, from its beginning, and from the day of a separator', async () => {
  const reader = await arrive('bartek')
  const { page } = reader
  const { check, wrong } = axeChecks(page, 'dates')
  await reader.choose('Ogród')
  await reader.button('Informacje o rozmowie').click()
  await reader.button('Przejdź do daty').click()
  await check('dialog')
  await reader.dialog.getByLabel('Dzień').fill('2026-03-03')
  await page.keyboard.press('Enter')
  await expect(reader.message('wpis nr 30 ')).toBeInViewport()
  await expect(reader.message('wpis nr 30 ')).toBeFocused()
  await page.getByRole('separator', { name: /, 3 marca/ }).click()
  await expect(reader.dialog.getByLabel('Dzień')).toHaveValue('2026-03-03')
  await reader.dialog.getByRole('button', { name: 'Początek rozmowy' }).click()
  await expect(page.getByText('To początek rozmowy')).toBeInViewport()
  await reader.button('Przejdź do daty').click()
  await reader.dialog.getByLabel('Dzień').fill('2999-01-01')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Wybierz dzień, nie późniejszy niż dzisiejszy.')).toBeVisible()
  await reader.dialog.getByLabel('Dzień').fill('2026-10-01')
  await reader.dialog.getByRole('button', { name: 'Przejdź', exact: true }).click()
  await expect(page.getByText(/^Tego dnia nikt nie pisał/)).toBeVisible()
  await expect(reader.message('wpis nr 120 ')).toBeInViewport()
  expect(wrong).toEqual({})
})

test('without scripts the box is a form, and leads to what its sender may see', async () => {
  const reader = await arrive('dawid', { javaScriptEnabled: false })
  await box(reader).fill('konewka')
  await reader.page.keyboard.press('Enter')
  await expect(reader.page).toHaveURL(/\/wiadomosci\?szukaj=konewka$/)
  await expect(box(reader)).toHaveValue('konewka')
  const messages = part(reader, 'Wiadomości').getByRole('link')
  await expect(messages).toHaveCount(2)
  await messages.last().click()
  await expect(reader.message('Konewka i grabie')).toBeInViewport()
  await expect(reader.message('wpis nr 120 ')).toHaveCount(0)
  await box(reader).fill('ogród')
  await reader.page.keyboard.press('Enter')
  await reader.inList('Ogród').click()
  await expect(reader.page.getByRole('heading', { name: 'Ogród' })).toBeVisible()
  const stranger = (await celina.request('GET', '/wiadomosci?szukaj=konewka')).body as unknown as string
  expect(stranger).not.toContain('szopie')
  expect(stranger).toContain('Nic nie znaleziono')
})
