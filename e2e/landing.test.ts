import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { arrivals } from './people.ts'

const service = await startService()
const arrive = arrivals(service.address)
const { anna, bartek } = service

test('with much unread one begins where one stopped, and only what was seen is read', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Gorąca dyskusja', member_ids: [bartek.id] })
  const { id } = body.conversation
  for (let i = 1; i <= 30; i++) await anna.say(id, `znane nr ${i}.`)
  await bartek.post(`/api/conversations/${id}/read`)
  for (let i = 1; i <= 90; i++) await anna.say(id, `nowe nr ${i}.`)
  const unread = async () => (await bartek.get(`/api/conversations/${id}`)).body.conversation.unread_count
  const reader = await arrive('bartek')
  await reader.choose('Gorąca dyskusja')
  await expect(reader.message('nowe nr 1.')).toBeInViewport()
  await expect(reader.log.getByText('Nieprzeczytane')).toBeInViewport()
  await expect(reader.message('nowe nr 90.')).toHaveCount(0)
  await expect.poll(unread).toBeLessThan(90)
  expect(await unread()).toBeGreaterThan(50)
  await reader.page.reload()
  await expect(reader.log.getByText('Nieprzeczytane')).toBeInViewport()
  await reader.button('Przejdź do najnowszych').click()
  await expect(reader.message('nowe nr 90.')).toBeInViewport()
  await expect.poll(unread).toBe(0)
})
