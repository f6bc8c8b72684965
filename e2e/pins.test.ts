import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { signedInVisitors } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek } = service

test('a pinned message is on top for everyone, leads to the message, and can be unpinned', async () => {
  const id = await anna.talkTo(bartek)
  const first = await anna.say(id, 'Numer konta: 123')
  for (let i = 1; i <= 80; i++) await anna.say(id, `dalej ${i}.`)
  const [one, other] = [await arrive('anna'), await arrive('bartek')]
  await one.choose('Bartek Zieliński')
  await bartek.post(`/api/conversations/${id}/read`)
  await other.choose('Anna Kowalska')
  await one.pick('dalej 80.', 'Przypnij')
  const bar = (visitor: typeof one) => visitor.page.getByRole('button', { name: /^Przypięta wiadomość/ })
  await expect(bar(other)).toContainText('dalej 80.')
  await bartek.post(`/api/messages/${first.id}/pin`)
  await expect(bar(other)).toContainText('Numer konta')
  await bar(other).click()
  await expect(other.message('Numer konta')).toBeInViewport()
  await one.button('Pokaż 2 przypięte wiadomości').click()
  await one.dialog.getByRole('button', { name: 'Odepnij' }).first().click()
  await expect(bar(other)).toContainText('dalej 80.')
  await one.dialog.getByRole('button', { name: /dalej 80/ }).click()
  await expect(one.message('dalej 80.')).toBeInViewport()
  await one.pick('dalej 80.', 'Odepnij')
  await expect(bar(other)).toHaveCount(0)
})
