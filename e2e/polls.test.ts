import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { signedInVisitors } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina } = service

type Visitor = Awaited<ReturnType<typeof arrive>>
const option = (visitor: Visitor, text: string, role: 'radio' | 'checkbox' = 'radio') =>
  visitor.log.getByRole(role, { name: text })
const shape = {
  question: 'Kto przyjdzie?',
  options: ['Będę', 'Nie dam rady'],
  is_multiple: false,
  is_secret: false,
}

test('a poll is asked in a dialog, and both vote in it live, by mouse and by keyboard', async () => {
  await anna.say(await anna.talkTo(bartek), 'Zebranie w czwartek')
  const [asker, voter] = [await arrive('anna'), await arrive('bartek')]
  await asker.choose('Bartek Zieliński')
  await voter.choose('Anna Kowalska')
  await asker.button('Dołącz').click()
  await asker.page.getByRole('menuitem', { name: 'Ankieta' }).click()
  const { keyboard } = asker.page
  await asker.dialog.getByRole('button', { name: 'Wyślij' }).click()
  await expect(asker.dialog.getByRole('alert')).toHaveText('Wpisz pytanie.')
  await keyboard.type('Kto przyjdzie?')
  for (const text of ['Będę', 'Nie dam rady', 'Będę']) {
    await keyboard.press('Enter')
    await keyboard.type(text)
  }
  await expect(asker.dialog.getByRole('textbox', { name: /^Odpowiedź/ })).toHaveCount(4)
  expect(await faults(asker.page)).toEqual([])
  await asker.dialog.getByRole('button', { name: 'Wyślij' }).click()
  await expect(asker.dialog.getByRole('alert')).toHaveText('Ta odpowiedź już jest. Zmień ją albo usuń.')
  await expect(asker.dialog.getByRole('textbox', { name: 'Odpowiedź 3' })).toHaveAttribute(
    'aria-invalid',
    'true',
  )
  expect(await faults(asker.page)).toEqual([])
  await asker.dialog.getByRole('textbox', { name: 'Odpowiedź 3' }).fill('')
  const closes = asker.dialog.getByLabel('Koniec głosowania')
  await closes.focus()
  await keyboard.type('24')
  await asker.dialog.getByRole('button', { name: 'Wyślij' }).click()
  await expect(asker.dialog.getByRole('alert')).toHaveText('Podaj dzień i godzinę albo usuń datę.')
  await expect(closes).toHaveAccessibleDescription('Podaj dzień i godzinę albo usuń datę.')
  await expect(closes).toBeFocused()
  await closes.evaluate((field: HTMLInputElement) => (field.value = ''))
  await asker.dialog.getByRole('button', { name: 'Wyślij' }).click()
  await expect(asker.dialog).toHaveCount(0)

  await option(voter, 'Nie dam rady').click()
  await expect(option(voter, 'Nie dam rady (1 głos)')).toBeChecked()
  await expect(option(asker, 'Nie dam rady (1 głos)')).not.toBeChecked()
  await asker.message('Kto przyjdzie?').focus()
  await keyboard.press('Tab')
  await keyboard.press('ArrowDown')
  await expect(option(asker, 'Nie dam rady')).toBeFocused()
  await keyboard.press('Space')
  await expect(option(voter, 'Nie dam rady (2 głosy)')).toBeChecked()
  await expect(option(asker, 'Nie dam rady (2 głosy)')).toBeFocused()
  await voter.log.getByRole('button', { name: 'Kto głosował' }).click()
  await expect(voter.dialog.getByRole('listitem')).toHaveText([/Anna Kowalska/, /Bartek Zieliński/])
  await voter.page.keyboard.press('Escape')
  await voter.log.getByRole('button', { name: 'Cofnij głos' }).click()
  await expect(option(asker, 'Nie dam rady (1 głos)')).toBeChecked()
  await expect(voter.inList('Anna Kowalska')).toContainText('📊 Kto przyjdzie?')
})

test('a secret poll of many answers works at 320 px, reverts what is not stored, and closes by itself', async () => {
  const id = await celina.talkTo(bartek)
  const more = { is_multiple: true, is_secret: true, closes_at: new Date(Date.now() + 12_000).toISOString() }
  const asked = await celina.post(`/api/conversations/${id}/polls`, { ...shape, ...more })
  const reader = await arrive('bartek', { viewport: { width: 320, height: 640 } })
  await reader.choose('Celina Wójcik')
  await option(reader, 'Będę', 'checkbox').click()
  await option(reader, 'Nie dam rady', 'checkbox').click()
  await expect(option(reader, 'Nie dam rady (1 głos)', 'checkbox')).toBeChecked()
  await expect(reader.log).toContainText('Głosowała 1 osoba')
  await expect(reader.log.getByRole('button', { name: 'Kto głosował' })).toHaveCount(0)
  expect(await reader.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  expect(await faults(reader.page)).toEqual([])
  await expect
    .poll(
      async () => (await bartek.get(`/api/conversations/${id}/messages`)).body.messages[0]!.poll!.my_votes,
    )
    .toEqual([1, 2])
  // What a program of theirs votes meanwhile is known here, too.
  await bartek.put(`/api/messages/${asked.body.message.id}/votes`, { option_ids: [2] })
  await expect(option(reader, 'Będę (0 głosów)', 'checkbox')).not.toBeChecked()

  await reader.page.route('**/votes', (route) => route.abort())
  await option(reader, 'Będę', 'checkbox').click()
  await expect(reader.page.getByText('Nie udało się zapisać głosu')).toBeVisible()
  await expect(option(reader, 'Będę (0 głosów)', 'checkbox')).not.toBeChecked()
  reader.errors.splice(0) // the browser itself reports every failed request
  await expect(reader.log).toContainText('Zamknięta', { timeout: 15_000 })
  await expect(option(reader, 'Będę', 'checkbox')).toBeDisabled()
})
