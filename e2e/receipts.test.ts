import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid, ewa } = service

test('the ticks show sent, delivered and read, and when', async () => {
  await bartek.say(await anna.talkTo(bartek), 'Zacznij')
  const writer = await arrive('anna')
  await writer.choose('Bartek Zieliński')
  await writer.write('Doszło?')
  const tick = (name: string) => writer.message('Doszło?').getByRole('img', { name })
  await expect(tick('Wysłano')).toBeVisible()
  const reader = await arrive('bartek')
  await expect(writer.inList('Bartek Zieliński')).toContainText('Online')
  await writer.write('A to?')
  await expect(writer.message('A to?').getByRole('img', { name: 'Dostarczono' })).toBeVisible()
  await reader.choose('Anna Kowalska')
  await expect(tick('Przeczytano')).toBeVisible()
  const when = writer.message('A to?').locator('.receipt')
  await expect(when).toHaveAttribute('title', /Wysłano: \d\d:\d\d\nDostarczono: .*\nPrzeczytano: \d\d:\d\d/)
})

const readers = (visitor: Visitor, text: string) =>
  visitor.message(text).getByRole('button', { name: /^Przeczytane/ })

test('in a group, readers’ pictures appear under the newest message each has read', async () => {
  const members = [bartek, celina, dawid, ewa]
  const member_ids = members.map((member) => member.id)
  const { body } = await anna.post('/api/conversations', { name: 'Walne', member_ids })
  const { id } = body.conversation
  const first = await anna.say(id, 'pierwsza')
  await anna.say(id, 'druga')
  await bartek.post(`/api/conversations/${id}/read`, { message_id: first.id })
  await celina.post(`/api/conversations/${id}/read`)
  const writer = await arrive('anna')
  await writer.choose('Walne')
  await expect(readers(writer, 'pierwsza')).toHaveAccessibleName('Przeczytane: Bartek Zieliński')
  await expect(readers(writer, 'druga')).toHaveAccessibleName('Przeczytane: Celina Wójcik')
  await bartek.post(`/api/conversations/${id}/read`)
  await expect(readers(writer, 'pierwsza')).toHaveCount(0)
  await expect(readers(writer, 'druga')).toHaveAccessibleName(/Bartek Zieliński/)
  await readers(writer, 'druga').click()
  await expect(writer.dialog).toContainText(/Celina Wójcik\d\d:\d\d.*Pozostałe osoby: 2/s)
})

test('readers from before the stream connected appear once it does', async () => {
  const member_ids = [bartek.id, celina.id]
  const { body } = await anna.post('/api/conversations', { name: 'Cicha', member_ids })
  const { id } = body.conversation
  await anna.say(id, 'pierwsza')
  const writer = await arrive('anna')
  const released = Promise.withResolvers<void>()
  await writer.page.route('**/api/messages/stream*', async (route) => {
    await released.promise
    await route.continue()
  })
  await writer.open(`/wiadomosci/${id}`)
  await expect(writer.message('pierwsza')).toBeVisible()
  await bartek.post(`/api/conversations/${id}/read`)
  released.resolve()
  await expect(readers(writer, 'pierwsza')).toHaveAccessibleName('Przeczytane: Bartek Zieliński')
})
