import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { signedInVisitors } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek } = service

test('a reply quotes the original, and the quote leads there', async () => {
  await anna.say(await anna.talkTo(bartek), 'Kiedy zebranie?')
  const [asking, answering] = [await arrive('anna'), await arrive('bartek')]
  await asking.choose('Bartek Zieliński')
  await answering.choose('Anna Kowalska')
  await answering.pick('Kiedy zebranie?', 'Odpowiedz')
  await expect(answering.page.getByText('Odpowiedź do: Anna Kowalska')).toBeVisible()
  await expect(answering.input).toBeFocused()
  await answering.page.keyboard.insertText('We czwartek')
  await answering.page.keyboard.press('Enter')
  await expect(answering.button('Anuluj')).toBeHidden()
  const quote = asking.message('We czwartek').getByRole('link', { name: /Kiedy zebranie/ })
  await expect(quote).toContainText('Ty')
  await quote.click()
  await expect(asking.log.getByRole('article').first()).toBeFocused()
})

test('a reply is cancelled by the button or Escape, and saved with the draft', async () => {
  await anna.say(await anna.talkTo(service.celina), 'Wpadniesz?')
  const celina = await arrive('celina')
  await celina.choose('Anna Kowalska')
  await celina.pick('Wpadniesz?', 'Odpowiedz')
  await celina.page.reload()
  await expect(celina.page.getByText('Odpowiedź do: Anna Kowalska')).toBeVisible()
  await celina.button('Anuluj').click()
  await expect(celina.button('Anuluj')).toBeHidden()
  await celina.pick('Wpadniesz?', 'Odpowiedz')
  await celina.page.keyboard.press('Escape')
  await expect(celina.button('Anuluj')).toBeHidden()
  await celina.write('Tak')
  await celina.sees('Tak')
  await expect(celina.message('Tak').getByRole('link')).toHaveCount(0)
})

test('a quote leads to a message that is not loaded, with scrolling both ways from there', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Kronika', member_ids: [bartek.id] })
  const { id } = body.conversation
  const first = await anna.say(id, 'wpis nr 1.')
  for (let i = 2; i <= 160; i++) await anna.say(id, `wpis nr ${i}.`)
  await anna.say(id, 'pamiętacie?', { reply_to_id: first.id })
  await anna.say(id, 'a to?', { reply_to_id: first.id + 60 })
  await bartek.post(`/api/conversations/${id}/read`)
  const reader = await arrive('bartek')
  await reader.choose('Kronika')
  await expect(reader.message('wpis nr 61.')).toHaveCount(1) // in the quote
  await reader.message('a to?').getByRole('link').click()
  await expect(reader.log.getByRole('article', { name: /wpis nr 61\./ }).first()).toBeInViewport()
  await expect(reader.message('wpis nr 160.')).toHaveCount(0)
  await anna.say(id, 'tymczasem nowa')
  await expect(
    reader.button('Przejdź do najnowszych').or(reader.page.getByText('1 nowa wiadomość')).first(),
  ).toBeVisible()
  await expect(reader.message('tymczasem nowa')).toHaveCount(0)
  for (let round = 0; round < 30 && !(await reader.message('tymczasem nowa').count()); round++) {
    await reader.log.hover()
    await reader.page.mouse.wheel(0, 4000)
    await reader.page.waitForTimeout(100)
  }
  await expect(reader.message('tymczasem nowa')).toBeVisible()
  const numbers = (await reader.log.getByRole('article').allInnerTexts()).flatMap(
    (text) => /^\s*(?:Anna Kowalska\s+)?wpis nr (\d+)/.exec(text)?.[1] ?? [],
  )
  const steps = numbers.slice(1).map((each, index) => Number(each) - Number(numbers[index]))
  expect(new Set(steps)).toEqual(new Set([1]))
})

test('sending from far up scrolls back to the newest', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Stare dzieje', member_ids: [bartek.id] })
  const { id } = body.conversation
  const first = await anna.say(id, 'początek dziejów')
  for (let i = 2; i <= 120; i++) await anna.say(id, `dzieje nr ${i}.`)
  await anna.say(id, 'wróćmy', { reply_to_id: first.id })
  await bartek.post(`/api/conversations/${id}/read`)
  const reader = await arrive('bartek')
  await reader.choose('Stare dzieje')
  await reader.message('wróćmy').getByRole('link').click()
  await expect(reader.log.getByRole('article').first()).toBeInViewport()
  await expect(reader.message('dzieje nr 120.')).toHaveCount(0)
  await reader.write('już jestem')
  await expect(reader.message('już jestem')).toBeInViewport()
  await expect(reader.message('dzieje nr 120.')).toBeVisible()
})
