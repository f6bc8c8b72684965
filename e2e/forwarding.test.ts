import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { phone, signedInVisitors, visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid, ewa } = service

test('a message is forwarded to several conversations, found by name', async () => {
  await bartek.say(await anna.talkTo(bartek), 'Ważny komunikat')
  await anna.say(await anna.talkTo(celina), 'Cześć')
  await anna.say(await anna.talkTo(dawid), 'Cześć')
  const [sender, receiver] = [await arrive('anna'), await arrive('celina')]
  await sender.choose('Bartek Zieliński')
  await receiver.choose('Anna Kowalska')
  await sender.pick('Ważny komunikat', 'Przekaż')
  await expect(sender.button('Przekaż')).toBeDisabled()
  await sender.dialog.getByRole('searchbox').fill('wojcik')
  await sender.page.keyboard.press('Enter')
  await sender.dialog.getByRole('searchbox').fill('')
  await sender.dialog.getByRole('button', { name: /Dawid/ }).click()
  await expect(sender.dialog).toContainText('Wybrano 2 rozmowy')
  await sender.button('Przekaż').click()
  await expect(sender.page.getByText('Przekazano do 2 rozmów.')).toBeVisible()
  await expect(receiver.message('Ważny komunikat')).toContainText('Przekazano od: Bartek Zieliński')
})

test('at most ten are chosen, and a failure is shown in the dialog', async () => {
  for (let i = 1; i <= 11; i++)
    await bartek.post('/api/conversations', { name: `Koło nr ${i}`, member_ids: [dawid.id] })
  const sender = await arrive('bartek')
  await sender.choose('Anna Kowalska')
  await sender.pick('Ważny komunikat', 'Przekaż')
  await sender.dialog.getByRole('searchbox').fill('koło')
  for (const choice of await sender.dialog.getByRole('button', { name: /^Koło/ }).all()) await choice.click()
  await expect(sender.dialog).toContainText('Można wybrać najwyżej 10 rozmów.')
  await expect(sender.dialog.getByRole('button', { pressed: true })).toHaveCount(10)
  await sender.page.route('**/forward', (route) =>
    route.fulfill({ status: 404, json: { code: 'not_found' } }),
  )
  await sender.button('Przekaż').click()
  await expect(sender.dialog).toContainText('Nie udało się przekazać do żadnej z rozmów')
})

test('each of 62 conversations is found, counted, listed and forwarded to', async () => {
  for (let i = 1; i <= 62; i++) {
    const name = i === 1 ? 'Żeglarze' : `Kółko ${i}`
    const { body } = await celina.post('/api/conversations', { name, member_ids: [ewa.id] })
    if (i <= 3) await celina.say(body.conversation.id, 'nieprzeczytane')
    if (i === 5) await ewa.patch(`/api/conversations/${body.conversation.id}/settings`, { is_archived: true })
  }
  const newest = await celina.talkTo(ewa)
  // Newer than all of them.
  await celina.say(newest, 'Płyniemy')
  await ewa.post(`/api/conversations/${newest}/read`)
  const reader = await arrive('ewa')
  await expect(reader.page).toHaveTitle(/^\(3\)/)
  const search = reader.page.getByRole('searchbox', { name: 'Szukaj' })
  await search.fill('zeglarz')
  await expect(reader.inList('Żeglarze')).toBeVisible()
  await search.fill('kółko 5')
  await expect(reader.inList('Kółko 5', true)).toBeVisible()
  await search.fill('nie ma takiego')
  await expect(reader.page.getByText('Nic nie znaleziono')).toBeVisible()
  await search.fill('')
  await reader.button('Nieprzeczytane').click()
  await expect(reader.page.locator('#rows-list > li')).toHaveCount(3)
  await reader.button('Wszystkie').click()
  // No gaps: a conversation far down appears together with those above it.
  await expect(reader.inList('Żeglarze')).toHaveCount(0)
  for (const count of [60, 62]) {
    await reader.page.locator('#rows-list > li').last().scrollIntoViewIfNeeded()
    await expect(reader.page.locator('#rows-list > li')).toHaveCount(count)
  }
  await reader.choose('Celina Wójcik')
  await expect(reader.page).toHaveTitle(/^\(3\) Celina/)
  await reader.page.reload()
  await reader.pick('Płyniemy', 'Przekaż')
  await reader.dialog.getByRole('searchbox').fill('zegl')
  await reader.dialog.getByRole('button', { name: /Żeglarze/ }).click()
  await reader.button('Przekaż').click()
  await expect(reader.page.getByText('Przekazano do 1 rozmowy.')).toBeVisible()
})

test('an offline search says that its results are incomplete', async () => {
  const reader = await (await visitor(service.address, phone)).signIn('ewa')
  await expect(reader.inList('Celina Wójcik')).toBeVisible()
  const search = reader.page.getByRole('searchbox', { name: 'Szukaj' })
  // Loaded after the first paint.
  await expect(search).toHaveAttribute('aria-controls')
  await reader.page.context().setOffline(true)
  await search.fill('celina')
  await expect(reader.page.getByText('Brak połączenia, więc widać tylko część wyników.')).toBeVisible()
  await expect(reader.inList('Celina Wójcik')).toBeVisible()
  await search.fill('kółko 7')
  await expect(reader.page.getByText('Nie udało się wyszukać')).toBeVisible()
  await reader.page.context().setOffline(false)
  await expect(reader.inList('Kółko 7', true)).toBeVisible()
  await reader.page.context().close()
})
