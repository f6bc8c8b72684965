import { expect } from 'playwright/test'
import { expect as expectValue, test } from 'vitest'
import { flood } from '../server/testing/flood.ts'
import { startService } from '../server/testing/service.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina } = service
const scriptless = { javaScriptEnabled: false }

const send = (writer: Visitor) => writer.button('Wyślij').click()

test.each([
  ['plain words', 'Dzień dobry, Bartku'],
  ['what looks like HTML', '<b>nie pogrubione</b> & <script>alert(1)</script>'],
  ['several lines', '\nPierwszy\n\nTrzeci'],
  ['emoji and right-to-left text', '👩‍👩‍👧 שלום'],
])('without scripts %s are sent as they were written', async (_what, text) => {
  const id = await anna.talkTo(bartek)
  const writer = await arrive('anna', scriptless)
  await writer.open(`/wiadomosci/${id}`)
  await writer.input.fill(text)
  await send(writer)
  await expect(writer.input).toHaveValue('')
  await expect(writer.page).toHaveURL(new RegExp(`/wiadomosci/${id}$`))
  await expect(writer.log.getByRole('article').last()).toBeInViewport()
  const { body } = await bartek.get(`/api/conversations/${id}/messages?limit=1`)
  expectValue(body.messages[0]?.content_text).toBe(text.trim())
})

test('a form that is sent again sends nothing anew', async () => {
  const id = await anna.talkTo(celina)
  const writer = await arrive('anna', scriptless)
  await writer.open(`/wiadomosci/${id}`)
  const clientId = await writer.page.locator('input[name="client_id"]').inputValue()
  const form = { content: 'Raz', client_id: clientId }
  for (const _ of [1, 2])
    await writer.page.context().request.post(`${service.address}/wiadomosci/${id}`, { form })
  await writer.page.reload()
  await expect(writer.message('Raz')).toHaveCount(1)
})

test('what is refused stays in the box, with the reason', async () => {
  const id = await anna.talkTo(bartek)
  const writer = await arrive('anna', scriptless)
  await writer.open(`/wiadomosci/${id}`)
  const long = `a${'ż'.repeat(20_000)}`
  await writer.input.fill(long)
  await send(writer)
  await expect(writer.input).toHaveValue(long)
  await expect(writer.page.getByText('Ta wiadomość jest za długa.')).toBeVisible()
})

test('without scripts one reads page by page, and marks it as read', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Kronika', member_ids: [bartek.id] })
  const { id } = body.conversation
  await flood(id, anna.id, 120)
  const reader = await arrive('bartek', { ...scriptless, ...phone })
  await reader.open(`/wiadomosci/${id}`)
  await expect(reader.message('nr 1.')).toBeVisible()
  await reader.page.getByRole('link', { name: 'Nowsze wiadomości' }).click()
  await expect(reader.message('nr 60.')).toBeAttached()
  await expect(reader.message('nr 1.')).toHaveCount(0)
  await reader.page.getByRole('link', { name: 'Nowsze wiadomości' }).click()
  await expect(reader.message('nr 120.')).toBeVisible()
  await reader.page.getByRole('link', { name: 'Starsze wiadomości' }).click()
  await expect(reader.message('nr 120.')).toHaveCount(0)
  await reader.button('Oznacz jako przeczytane').click()
  await expect(reader.message('nr 120.')).toBeVisible()
  await expect(reader.button('Oznacz jako przeczytane')).toHaveCount(0)
})

test('without scripts the list goes on by a link', async () => {
  for (let i = 0; i < 40; i++)
    await anna.post('/api/conversations', { name: `Grupa ${i}`, member_ids: [celina.id] })
  const reader = await arrive('celina', scriptless)
  await expect(reader.inList('Grupa 39')).toBeVisible()
  await expect(reader.inList('Grupa 3', true)).toHaveCount(0)
  await reader.page.getByRole('link', { name: 'Więcej rozmów' }).click()
  await reader.inList('Grupa 3').click()
  await expect(reader.page.getByRole('heading', { name: 'Grupa 3' })).toBeVisible()
})

test.each<[string, () => Promise<number>]>([
  ['a conversation of others', async () => bartek.talkTo(celina)],
  ['none', async () => 999_999],
])('nobody writes to %s', async (_what, idOf) => {
  const id = await idOf()
  const form = new URLSearchParams({ content: 'Puk puk' }).toString()
  const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
  expectValue((await anna.request('POST', `/wiadomosci/${id}`, { body: form, headers })).status).toBe(404)
  const guest = await service.guest().request('POST', `/wiadomosci/${id}`, { body: form, headers })
  expectValue(guest.headers.get('location')).toBe(
    `/logowanie?next=${encodeURIComponent(`/wiadomosci/${id}`)}`,
  )
  const foreign = { ...headers, 'sec-fetch-site': 'cross-site' }
  const other = await anna.request('POST', `/wiadomosci/${id}`, { body: form, headers: foreign })
  expectValue(other.status).toBe(403)
})
