import { expect } from 'playwright/test'
import { test } from 'vitest'
import { flood } from '../server/testing/flood.ts'
import { type Person, startService } from '../server/testing/service.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina } = service

const desktop = {}

async function group(name: string, ...members: Person[]): Promise<number> {
  const member_ids = members.map((member) => member.id)
  return (await anna.post('/api/conversations', { name, member_ids })).body.conversation.id
}

const unreadOf = async (who: Person, id: number): Promise<number> =>
  (await who.get(`/api/conversations/${id}`)).body.conversation.unread_count

const divider = (reader: Visitor) => reader.log.getByText('Nieprzeczytane')

/** The distance of a message from the top edge of the log. */
const offsetOf = async (reader: Visitor, text: string) =>
  (await reader.message(text).boundingBox())!.y - (await reader.log.boundingBox())!.y

test('a conversation with much unread opens where reading stopped, and only what was seen is marked read', async () => {
  const id = await group('Gorąca dyskusja', bartek)
  await flood(id, anna.id, 30)
  await bartek.post(`/api/conversations/${id}/read`)
  for (let i = 1; i <= 90; i++) await anna.say(id, `nowe nr ${i}.`)
  const reader = await arrive('bartek')
  await reader.choose('Gorąca dyskusja')
  await expect(reader.message('nowe nr 1.')).toBeInViewport()
  await expect(divider(reader)).toBeInViewport()
  await expect(reader.message('nowe nr 90.')).toHaveCount(0)
  await expect.poll(() => unreadOf(bartek, id)).toBeLessThan(90)
  expect(await unreadOf(bartek, id)).toBeGreaterThan(50)
  await reader.page.reload()
  await expect(divider(reader)).toBeInViewport()
  await reader.button('Przejdź do najnowszych').click()
  await expect(reader.message('nowe nr 90.')).toBeInViewport()
  await expect.poll(() => unreadOf(bartek, id)).toBe(0)
})

test.each([
  ['30 unread, on a phone', 30, phone],
  ['80 unread, on a desktop', 80, desktop],
  ['5,000 unread, on a phone', 5000, phone],
])('a conversation opened for the first time starts at its first message: %s', async (_, count, screen) => {
  const id = await group(`Nowa ${count}`, bartek)
  await flood(id, anna.id, count)
  const first = (await bartek.get(`/api/conversations/${id}`)).body.conversation.first_unread_id
  const reader = await arrive('bartek', screen)
  await reader.open(`/wiadomosci/${id}`)
  await expect(reader.message('nr 1.')).toBeInViewport()
  await expect(divider(reader)).toBeInViewport()
  const unread = async () => (await bartek.get(`/api/conversations/${id}`)).body.conversation.first_unread_id
  await expect.poll(unread).toBeGreaterThan(first!)
  // Long enough for more to be marked read, if that happened.
  await reader.page.waitForTimeout(1200)
  expect(await unread()).toBeLessThan(first! + 25)
})

test.each([
  ['one after another', 1],
  ['in bursts', 10],
  ['all at once', 40],
])('messages that arrive unattended stay unread, below a divider on return: %s', async (_, atOnce) => {
  const id = await group(`Sama ze sobą ${atOnce}`, bartek)
  await anna.say(id, 'na dzień dobry')
  const reader = await arrive('bartek')
  await reader.choose(`Sama ze sobą ${atOnce}`)
  await expect.poll(() => unreadOf(bartek, id)).toBe(0)
  // Another window has the focus.
  await reader.page.evaluate(() => {
    document.hasFocus = () => false
  })
  await anna.say(id, 'pierwsza pod nieobecność')
  for (let sent = 0; sent < 40; sent += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, i) => anna.say(id, `pod nieobecność ${sent + i}.`)))
    if (atOnce === 10) await reader.page.waitForTimeout(400)
  }
  await anna.say(id, 'ostatnia pod nieobecność')
  await expect(reader.message('ostatnia')).toBeAttached()
  await expect(reader.message('pierwsza')).toBeInViewport()
  await expect(divider(reader)).toBeInViewport()
  await expect(reader.message('ostatnia')).not.toBeInViewport()
  expect(await unreadOf(bartek, id)).toBe(42)
  await reader.page.evaluate(() => {
    document.hasFocus = () => true
  })
  await reader.page.mouse.move(700, 300)
  await expect.poll(() => unreadOf(bartek, id)).toBeLessThan(42)
  await expect(divider(reader)).toBeInViewport()
  expect(await unreadOf(bartek, id)).toBeGreaterThan(10)
})

test('an attentive reader follows new messages, but more than fit the view wait below a divider', async () => {
  const id = await group('Wrze', bartek)
  await anna.say(id, 'na dzień dobry')
  const reader = await arrive('bartek')
  await reader.choose('Wrze')
  await expect.poll(() => unreadOf(bartek, id)).toBe(0)
  const send = (words: string, count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => anna.say(id, `${words} ${i}.`)))
  for (let i = 1; i <= 5; i++) {
    await reader.page.waitForTimeout(400)
    await send(`raz ${i}`, 5)
    await expect(reader.message(`raz ${i} `).last()).toBeInViewport()
  }
  await expect.poll(() => unreadOf(bartek, id)).toBe(0)
  await expect(divider(reader)).not.toBeInViewport()
  await reader.page.waitForTimeout(400)
  await send('naraz', 40)
  await anna.say(id, 'ostatnia')
  await expect(reader.message('ostatnia')).toBeAttached()
  await expect(reader.message('naraz').first()).toBeInViewport()
  await expect(divider(reader)).toBeInViewport()
  await expect(reader.message('ostatnia')).not.toBeInViewport()
  expect(await unreadOf(bartek, id)).toBeGreaterThan(5)
  await reader.page.locator('#jump').click()
  await expect(reader.message('ostatnia')).toBeInViewport()
  await expect.poll(() => unreadOf(bartek, id)).toBe(0)
})

test.each([
  ['on a desktop', desktop, 'celina'],
  ['on a phone', phone, 'bartek'],
] as const)('the reading position is restored on return: %s', async (_, screen, name) => {
  const who = service[name]
  const [id, other] = [await group(`Długa ${name}`, who), await group(`Inna ${name}`, who)]
  await flood(id, anna.id, 300)
  await flood(other, anna.id, 3)
  for (const each of [id, other]) await who.post(`/api/conversations/${each}/read`)
  const reader = await arrive(name, screen)
  await reader.choose(`Długa ${name}`)
  const place = 'nr 200.'
  await expect(async () => {
    await reader.log.evaluate((log) => log.scrollBy(0, -600))
    await expect(reader.message(place)).toBeInViewport({ timeout: 100 })
  }).toPass()
  await reader.page.waitForTimeout(300)
  const before = await offsetOf(reader, place)
  const isBack = async () => {
    await expect(reader.message(place)).toBeInViewport()
    await expect.poll(async () => Math.abs((await offsetOf(reader, place)) - before)).toBeLessThan(1.5)
  }
  if (screen === phone) await reader.page.goBack()
  await reader.choose(`Inna ${name}`)
  await reader.page.goBack()
  if (screen === phone) await reader.choose(`Długa ${name}`)
  await isBack()
  await reader.page.reload()
  await isBack()
  await reader.open('/healthz')
  await reader.page.goBack()
  await isBack()
  // Anything new takes precedence; at the end the view follows new messages.
  if (screen === phone) await reader.page.goBack()
  await reader.choose(`Inna ${name}`)
  await anna.say(id, 'coś nowego')
  if (screen === phone) await reader.page.goBack()
  await reader.choose(`Długa ${name}`)
  await expect(reader.message('coś nowego')).toBeInViewport()
  await reader.page.reload()
  await expect(reader.message('coś nowego')).toBeInViewport()
})

test('a link to a message opens it', async () => {
  const id = await group('Z odnośnikiem', celina)
  await flood(id, anna.id, 300)
  await celina.post(`/api/conversations/${id}/read`)
  const { body } = await celina.get(`/api/conversations/${id}/messages?limit=100`)
  const linked = body.messages[0]
  const reader = await arrive('celina')
  await reader.open(`/wiadomosci/${id}#m${linked!.id - 100}`)
  await expect(reader.message('nr 101.')).toBeInViewport()
})
