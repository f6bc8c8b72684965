import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { arrivals } from './people.ts'

const service = await startService()
const arrive = arrivals(service.address)
const { anna, bartek, celina, dawid } = service

test('a message goes on to several conversations, found by name', async () => {
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

test('at most ten are chosen, and a failure is told where one chose', async () => {
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
