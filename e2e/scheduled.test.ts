import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid } = service
const { sql } = await import('../server/db/client.ts')
const { workOff } = await import('../server/testing/jobs.ts')
const { sendScheduled } = await import('../server/scheduled/send.ts')

const nothing = async () => {}
const work = () =>
  workOff({ send_scheduled: sendScheduled, notify: nothing, push: nothing, preview: nothing })

async function group(name: string): Promise<number> {
  const member_ids = [bartek, celina, dawid].map(({ id }) => id)
  return (await anna.post('/api/conversations', { name, member_ids })).body.conversation.id
}
const field = ({ page }: Visitor) => page.locator('.ql-editor')
const bar = (visitor: Visitor, name: string | RegExp = /zaplanowan/) =>
  visitor.page.getByRole('button', { name })
const items = ({ dialog }: Visitor) => dialog.getByRole('listitem')
const hour = 3_600_000
const waiting = async (id: number) =>
  (await anna.get('/api/messages/scheduled')).body.scheduled.filter((each) => each.conversation_id === id)

async function type(visitor: Visitor, text: string): Promise<void> {
  await field(visitor).click()
  await visitor.page.keyboard.type(text)
}

test('a message is scheduled from a menu by keyboard, is shown on other devices, and sent', async () => {
  const id = await group('Na jutro')
  const [desktop, mobile, reader] = [
    await arrive('anna'),
    await arrive('anna', phone),
    await arrive('bartek'),
  ]
  await desktop.choose('Na jutro')
  await mobile.inList('Na jutro').click()
  await reader.choose('Na jutro')
  await expect(desktop.button('Wyślij później')).toBeHidden()
  await type(desktop, 'Dzień dobry wszystkim')
  await desktop.button('Wyślij później').focus()
  await desktop.page.keyboard.press('Enter')
  const menu = desktop.page.getByRole('menu', { name: 'Wyślij później' })
  await expect(menu.getByRole('menuitem').last()).toHaveText('Data i godzina')
  expect(await faults(desktop.page)).toEqual([])
  await desktop.page.keyboard.press('Escape')
  await expect(desktop.button('Wyślij później')).toBeFocused()
  await desktop.page.keyboard.press('Enter')
  await menu.getByRole('menuitem', { name: 'Jutro rano' }).press('Enter')
  await expect(field(desktop)).toHaveText('')
  await expect(desktop.page.getByText(/^Wyślemy: .*08:00/)).toBeVisible()
  await expect(bar(desktop, '1 zaplanowana wiadomość')).toBeVisible()
  await expect(bar(mobile, '1 zaplanowana wiadomość')).toBeVisible()
  await expect(field(mobile)).toHaveText('')
  expect(await faults(mobile.page)).toEqual([])
  const [scheduled] = await waiting(id)
  const at = new Date(scheduled!.send_at)
  const inWarsaw = at.toLocaleTimeString('pl', {
    timeZone: 'Europe/Warsaw',
    hour: '2-digit',
    minute: '2-digit',
  })
  expect([scheduled!.content_text, inWarsaw]).toEqual(['Dzień dobry wszystkim', '08:00'])
  await expect(reader.message('Dzień dobry')).toHaveCount(0)

  await bar(mobile).click()
  await expect(items(mobile)).toHaveText([/Dzień dobry wszystkim/])
  expect(await faults(mobile.page)).toEqual([])
  await items(mobile).getByRole('button', { name: 'Wyślij teraz' }).click()
  await work()
  await reader.sees('Dzień dobry wszystkim')
  await expect(mobile.dialog).toHaveCount(0)
  await expect(bar(mobile)).toHaveCount(0)
  await expect(bar(desktop)).toHaveCount(0)
})

test('the time can be chosen, and changed; text goes back into the composer; and it can be deleted', async () => {
  const id = await group('Zmiany')
  const desktop = await arrive('anna')
  await desktop.choose('Zmiany')
  await type(desktop, 'Zebranie o 17')
  await desktop.button('Wyślij później').click()
  await desktop.page.getByRole('menuitem', { name: 'Data i godzina' }).click()
  const when = desktop.dialog.getByLabel('Kiedy wysłać')
  await expect(desktop.dialog).toContainText('Według czasu tego urządzenia: Europe/Warsaw.')
  expect(await faults(desktop.page)).toEqual([])
  await when.fill('2020-01-01T10:00')
  await when.press('Enter')
  await expect(desktop.dialog.getByRole('alert')).toHaveText('Wybierz porę w przyszłości.')
  await when.fill('2099-01-01T10:00')
  await desktop.dialog.getByRole('button', { name: 'Zaplanuj' }).click()
  await expect(desktop.dialog.getByRole('alert')).toHaveText('Najdalej na rok naprzód.')
  const year = new Date(Date.now() + 60 * 24 * hour).getFullYear()
  const summer = `${year}-07-01T17:05`
  const inSummer = Date.parse(`${summer}:00+02:00`) > Date.now() ? year : year + 1
  await when.fill(`${inSummer}-07-01T17:05`)
  await when.press('Enter')
  await expect(bar(desktop, '1 zaplanowana wiadomość')).toBeVisible()
  // Warsaw is two hours ahead of UTC in summer, whatever the season now.
  expect((await waiting(id))[0]!.send_at).toBe(`${inSummer}-07-01T15:05:00.000Z`)

  await type(desktop, 'druga')
  await desktop.button('Wyślij później').click()
  await desktop.page.getByRole('menuitem', { name: 'Jutro rano' }).click()
  await bar(desktop, '2 zaplanowane wiadomości').click()
  await expect(items(desktop)).toHaveText([/druga/, /Zebranie o 17.*17:05/s])
  expect(await faults(desktop.page)).toEqual([])
  await items(desktop).last().getByRole('button', { name: 'Zmień porę' }).click()
  const change = desktop.page.getByRole('dialog', { name: 'Wyślij później' })
  await expect(change.getByLabel('Kiedy wysłać')).toHaveValue(`${inSummer}-07-01T17:05`)
  await change.getByLabel('Kiedy wysłać').fill(`${inSummer}-07-02T09:30`)
  await change.getByLabel('Kiedy wysłać').press('Enter')
  await expect(items(desktop).last()).toContainText('09:30')
  await items(desktop).first().getByRole('button', { name: 'Usuń' }).click()
  await expect(items(desktop)).toHaveText([/Zebranie o 17/])
  await items(desktop).getByRole('button', { name: 'Popraw treść' }).click()
  await expect(desktop.dialog).toHaveCount(0)
  await expect(field(desktop)).toHaveText('Zebranie o 17')
  await expect(field(desktop)).toBeFocused()
  await expect(bar(desktop)).toHaveCount(0)
  await desktop.page.keyboard.type(':30')
  await desktop.button('Wyślij później').click()
  await desktop.page.getByRole('menuitem', { name: /^O tej samej porze/ }).click()
  await expect(bar(desktop, '1 zaplanowana wiadomość')).toBeVisible()
  expect((await waiting(id)).map(({ content_text, send_at }) => [content_text, send_at])).toEqual([
    ['Zebranie o 17:30', `${inSummer}-07-02T07:30:00.000Z`],
  ])
})

test('who has left the conversation is told that it was not sent', async () => {
  const id = await group('Odejście')
  const { body } = await celina.post(`/api/conversations/${id}/messages` as string, {
    content: 'nie zdążyło',
    send_at: new Date(Date.now() + hour).toISOString(),
  })
  await celina.delete(`/api/conversations/${id}/members/${celina.id}`)
  const writer = await arrive('celina')
  await sql`update scheduled_messages set send_at = now() where id = ${body.scheduled.id}`
  await work()
  await expect(writer.page.getByText('Nie wysłano zaplanowanej wiadomości.')).toBeVisible()
  await writer.button('Pokaż').click()
  await expect(items(writer)).toHaveText([/nie zdążyło.*Nie wysłano: nie należysz już do tej rozmowy\./s])
  expect(await faults(writer.page)).toEqual([])
  await items(writer).getByRole('button', { name: 'Usuń' }).click()
  await expect(writer.dialog).toHaveCount(0)
})

/** One that waits, in a conversation of its own, with its list open. */
async function withOne(name: string): Promise<{ writer: Visitor; id: number; scheduled: number }> {
  const id = await group(name)
  const send_at = new Date(Date.now() + hour).toISOString()
  const { body } = await anna.post(`/api/conversations/${id}/messages` as string, {
    content: 'do poprawy',
    send_at,
  })
  const writer = await arrive('anna')
  await writer.choose(name)
  await bar(writer).click()
  return { writer, id, scheduled: body.scheduled.id }
}
const fix = (writer: Visitor) => items(writer).getByRole('button', { name: 'Popraw treść' }).click()

test('text that is taken back is not lost with the answer, nor with the connection', async () => {
  for (const name of ['Bez odpowiedzi', 'Bez sieci']) {
    const { writer, id } = await withOne(name)
    await writer.page.route('**/api/messages/scheduled/*', async (route) => {
      await route.fetch()
      if (name === 'Bez sieci') await writer.page.context().setOffline(true)
      await route.abort()
    })
    await fix(writer)
    if (name === 'Bez sieci') {
      await expect(writer.page.getByText('Nie udało się. Sprawdź połączenie')).toBeVisible()
      await writer.page.context().setOffline(false)
    }
    await expect(field(writer)).toHaveText('do poprawy', { timeout: 20_000 })
    await expect(bar(writer)).toHaveCount(0)
    expect(await waiting(id)).toEqual([])
    await expect(writer.page.locator('.message')).toHaveCount(0)
    writer.errors.splice(0) // the browser itself reports every failed request
  }
})

test('what was sent, or deleted elsewhere, before it could be changed says so', async () => {
  const { writer, scheduled } = await withOne('Za późno')
  // As if the events had not come yet.
  await writer.page.route('**/api/messages/scheduled/*', async (route) => {
    await sql`delete from scheduled_messages where id = ${scheduled}`
    await route.continue()
  })
  await fix(writer)
  await expect(writer.page.getByText('Tej wiadomości już nie ma wśród zaplanowanych.')).toBeVisible()
  await expect(field(writer)).toHaveText('')

  const other = await withOne('Już poszła')
  await other.writer.page.route('**/api/messages/scheduled/*', async (route) => {
    const [{ client_id } = {}] = await waiting(other.id)
    await anna.say(other.id, 'do poprawy', { client_id })
    await sql`delete from scheduled_messages where id = ${other.scheduled}`
    await route.continue()
  })
  await fix(other.writer)
  await expect(other.writer.page.getByText('Ta wiadomość została już wysłana.')).toBeVisible()
  await expect(field(other.writer)).toHaveText('')
  for (const each of [writer, other.writer]) each.errors.splice(0) // the browser itself reports every failed request
})

test('each failure is told once, of whatever kind', async () => {
  const { writer, scheduled } = await withOne('Raz')
  await writer.page.keyboard.press('Escape')
  await writer.page.context().setOffline(true)
  await sql`update scheduled_messages set failure = 'attachments' where id = ${scheduled}`
  const told = writer.page.locator('#notice').getByText('Nie wysłano zaplanowanej wiadomości.')
  const reconnected = () => writer.page.waitForResponse('**/api/messages/scheduled')
  const first = reconnected()
  await writer.page.context().setOffline(false)
  await first
  await expect(told).toBeVisible()
  await expect(told).toHaveCount(0, { timeout: 10_000 })
  await writer.page.context().setOffline(true)
  const second = reconnected()
  await writer.page.context().setOffline(false)
  await second
  await writer.page.waitForTimeout(300)
  await expect(told).toHaveCount(0)
  writer.errors.splice(0) // the browser itself reports every failed request
})

test('what cannot be scheduled goes back into the composer', async () => {
  const id = await group('Odmowa')
  const writer = await arrive('anna', { ...phone, viewport: { width: 320, height: 640 } })
  await writer.inList('Odmowa').click()
  await writer.page.route('**/api/conversations/*/messages', (route) => route.abort())
  await type(writer, 'zostaje')
  expect(await writer.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  await writer.button('Wyślij później').click()
  await writer.page.getByRole('menuitem', { name: 'Jutro rano' }).click()
  await expect(writer.page.getByText('Nie udało się. Sprawdź połączenie')).toBeVisible()
  await expect(field(writer)).toHaveText('zostaje')
  expect(await waiting(id)).toEqual([])
  await writer.page.unroute('**/api/conversations/*/messages')
  await writer.button('Wyślij później').click()
  await writer.page.getByRole('menuitem', { name: 'Jutro rano' }).click()
  await expect(bar(writer, '1 zaplanowana wiadomość')).toBeVisible()
  expect(await waiting(id)).toHaveLength(1)
  writer.errors.splice(0) // the browser itself reports every failed request
})
