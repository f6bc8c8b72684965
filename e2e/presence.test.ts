import { expect } from 'playwright/test'
import { test } from 'vitest'
import { durations } from '../server/presence/durations.ts'
import { startService } from '../server/testing/service.ts'
import { signedInVisitors } from './people.ts'

Object.assign(durations, { ttl: 2000, refresh: 500, grace: 300 })
const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina } = service

test('others see who is online, and when they were last seen', async () => {
  await bartek.say(await anna.talkTo(bartek), 'Jestem')
  const watcher = await arrive('anna')
  await watcher.choose('Bartek Zieliński')
  const head = watcher.page.getByRole('main').getByRole('banner').or(watcher.page.locator('.head'))
  const other = await arrive('bartek')
  await expect(head).toContainText('Online')
  await expect(watcher.inList('Bartek Zieliński')).toContainText('Online')
  await other.page.goto('about:blank')
  await expect(head).toContainText('Ostatnio: 1 min temu')
  await expect(watcher.inList('Bartek Zieliński')).not.toContainText('Online')
})

test('others see typing, in the header and in the list, until the message arrives', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Rada', member_ids: [bartek.id, celina.id] })
  await anna.say(body.conversation.id, 'Piszcie')
  const watcher = await arrive('anna')
  const typist = await arrive('celina')
  await watcher.choose('Rada')
  await typist.isLive()
  await typist.choose('Rada')
  const log = await watcher.log.boundingBox()
  await typist.input.click()
  await typist.page.keyboard.type('myślę nad tym')
  await expect(watcher.page.locator('.head')).toContainText('Celina pisze…')
  await expect(watcher.inList('Rada')).toContainText('Celina pisze…')
  expect(await watcher.log.boundingBox()).toEqual(log)
  await typist.page.keyboard.press('Enter')
  await watcher.sees('myślę nad tym')
  await expect(watcher.page.locator('.head')).not.toContainText('pisze…')
  await typist.page.keyboard.type('jeszcze słówko', { delay: 200 })
  await expect(watcher.page.locator('.head')).toContainText('Celina pisze…')
  await expect(watcher.page.locator('.head')).toContainText('3 osoby', { timeout: 6000 })
})
