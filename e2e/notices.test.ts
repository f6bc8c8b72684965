import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { deviceOf, touch } from './notices.ts'

const service = await startService()
const { anna, bartek, celina } = service

test('of three tabs and two devices, each device tells of a message once', async () => {
  const id = await anna.talkTo(bartek)
  await anna.say(id, 'Zaczynamy')
  const [laptop, phone] = [await deviceOf(bartek, 'bartek'), await deviceOf(bartek, 'bartek')]
  const tabs = [
    await laptop.tab('/wiadomosci'),
    await laptop.tab('/wiadomosci'),
    await laptop.tab('/wiadomosci'),
  ]
  const other = await phone.tab('/wiadomosci')
  // Not the one that holds the stream: it asks who can be heard.
  await touch(tabs[2]!.page)
  await touch(other.page)
  await anna.say(id, 'Jesteś tam?')
  for (const device of [laptop, phone]) {
    await expect.poll(() => device.sounds).toBe(1)
    await expect
      .poll(() => device.shown)
      .toEqual([{ title: 'Anna Kowalska', body: 'Jesteś tam?', tag: `conversation-${id}` }])
  }
  await anna.say(id, 'Halo')
  for (const device of [laptop, phone]) {
    await expect.poll(() => device.shown.map(({ body }) => body)).toEqual(['Jesteś tam?', 'Halo'])
    // So soon after the first, it is shown without a sound.
    expect(device.sounds).toBe(1)
  }
  for (const device of [laptop, phone]) await device.context.close()
})

test('a notice names the group, leads to it, and goes when it is read on another device', async () => {
  const { body } = await anna.post('/api/conversations', { name: 'Zarząd', member_ids: [bartek.id] })
  const { id } = body.conversation
  const laptop = await deviceOf(bartek, 'bartek')
  const here = await laptop.tab('/wiadomosci')
  await anna.say(id, '<p>Kto <strong>ma</strong> klucze?</p>')
  await expect
    .poll(() => laptop.shown)
    .toMatchObject([{ title: 'Anna Kowalska · Zarząd', body: 'Kto ma klucze?' }])
  await expect.poll(() => laptop.badges.at(-1)).toBeGreaterThan(0)
  await bartek.post(`/api/conversations/${id}/read`)
  await expect.poll(() => laptop.closed).toEqual([`conversation-${id}`])
  await anna.say(id, 'Już mam')
  await expect.poll(() => laptop.shown).toHaveLength(2)
  await here.page.evaluate(() =>
    (window as unknown as { lastNotice: Notification }).lastNotice.onclick?.(new Event('click')),
  )
  await here.sees('Już mam')
  await expect(here.page).toHaveURL(new RegExp(`/wiadomosci/${id}$`))
  await laptop.context.close()
})

test('nobody is told of what they see in any tab, write themselves or have muted, but of mentions', async () => {
  const { body } = await anna.post('/api/conversations', {
    name: 'Biuro',
    member_ids: [bartek.id, celina.id],
  })
  const { id } = body.conversation
  const direct = await celina.talkTo(bartek)
  await celina.say(direct, 'Dzień dobry')
  const laptop = await deviceOf(bartek, 'bartek')
  await laptop.tab('/wiadomosci')
  const open = await laptop.tab(`/wiadomosci/${direct}`)
  await open.sees('Dzień dobry')
  await celina.say(direct, 'widać to')
  await bartek.say(id, 'sam to piszę')
  await bartek.patch(`/api/conversations/${id}/settings`, { notify: 'mentions' })
  await anna.say(id, 'nie do ciebie')
  await anna.say(id, `<span class="mention" data-user-id="${bartek.id}">@x</span> a to do ciebie`)
  await expect.poll(() => laptop.shown.map(({ body }) => body)).toEqual(['@Bartek Zieliński a to do ciebie'])
  await bartek.patch(`/api/conversations/${id}/settings`, { notify: 'none' })
  await anna.say(id, `<span class="mention" data-user-id="${bartek.id}">@x</span> znowu`)
  await bartek.patch(`/api/conversations/${id}/settings`, { notify: 'all' })
  await anna.say(id, 'to już tak')
  await expect
    .poll(() => laptop.shown.map(({ body }) => body))
    .toEqual(['@Bartek Zieliński a to do ciebie', 'to już tak'])
  await laptop.context.close()
})

test('the app’s badge counts what is unread, and signing out clears it', async () => {
  const id = await anna.talkTo(celina)
  const laptop = await deviceOf(celina, 'celina')
  const here = await laptop.tab('/wiadomosci')
  const before = laptop.badges.at(-1)!
  await anna.say(id, 'raz')
  await anna.say(id, 'dwa')
  await expect.poll(() => laptop.badges.at(-1)).toBe(before + 2)
  await here.choose('Anna Kowalska')
  await expect.poll(() => laptop.badges.at(-1)).toBe(before)
  await here.page.evaluate(() => {
    navigator.clearAppBadge = () => navigator.setAppBadge(-1)
  })
  await here.button('Twoje konto').click()
  await here.button('Wyloguj się').click()
  await expect(here.page).toHaveURL(/logowanie/)
  expect(laptop.badges.at(-1)).toBe(-1)
  await laptop.context.close()
})
