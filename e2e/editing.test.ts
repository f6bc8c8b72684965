import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { signedInVisitors } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid, ewa } = service

test('an edit and its mark reach the other member', async () => {
  await anna.say(await anna.talkTo(bartek), 'Spotkanie o 17')
  const [writer, reader] = [await arrive('anna'), await arrive('bartek')]
  await writer.choose('Bartek Zieliński')
  await reader.choose('Anna Kowalska')
  await writer.pick('Spotkanie o 17', 'Edytuj')
  await expect(writer.input).toHaveText('Spotkanie o 17')
  await expect(writer.input).toBeFocused()
  await writer.page.keyboard.press('Backspace')
  await writer.page.keyboard.insertText('8')
  await writer.page.keyboard.press('Enter')
  await expect(writer.input).toHaveText('')
  await expect(reader.message('Spotkanie o 18')).toContainText('(edytowano)')
  await expect(reader.log.getByRole('article')).toHaveCount(1)
})

test('ArrowUp edits the last message, Escape cancels, and the draft comes back', async () => {
  await celina.say(await celina.talkTo(dawid), 'ostatnia moja')
  await dawid.say(await celina.talkTo(dawid), 'cudza')
  const writer = await arrive('celina')
  await writer.choose('Dawid Żółkiewski')
  await writer.input.click()
  await writer.page.keyboard.press('ArrowUp')
  await expect(writer.input).toHaveText('ostatnia moja')
  await writer.page.keyboard.press('Escape')
  await expect(writer.input).toHaveText('')
  await expect(writer.button('Anuluj')).toBeHidden()
  await writer.page.keyboard.insertText('zaczęte')
  await writer.pick('ostatnia moja', 'Edytuj')
  await expect(writer.input).toHaveText('ostatnia moja')
  await writer.button('Anuluj').click()
  await expect(writer.input).toHaveText('zaczęte')
})

test('a message is deleted after a confirmation, and nothing of it remains', async () => {
  await anna.say(await anna.talkTo(ewa), 'pomyłka')
  const [writer, reader] = [await arrive('anna'), await arrive('ewa')]
  await writer.choose('Ewa Szczepańska')
  await reader.choose('Anna Kowalska')
  await reader.pick('pomyłka', 'Odpowiedz')
  await reader.page.keyboard.insertText('jaka?')
  await reader.page.keyboard.press('Enter')
  await writer.sees('jaka?')
  const first = writer.log.getByRole('article').first()
  await first.hover()
  await first.getByRole('button', { name: 'Więcej' }).click()
  await writer.page.getByRole('menuitem', { name: 'Usuń' }).click()
  await writer.dialog.getByRole('button', { name: 'Anuluj' }).click()
  await expect(first).toContainText('pomyłka')
  await first.hover()
  await first.getByRole('button', { name: 'Więcej' }).click()
  await writer.page.getByRole('menuitem', { name: 'Usuń' }).click()
  await writer.dialog.getByRole('button', { name: 'Usuń' }).click()
  await expect(first).toContainText('Wiadomość usunięta')
  await expect(reader.log.getByRole('article').first()).toContainText('Wiadomość usunięta')
  await reader.page.reload()
  await expect(reader.log.getByText('pomyłka')).toHaveCount(0)
})
