import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'
import { shot } from './shot.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid, ewa } = service
const { sql } = await import('../server/db/client.ts')

const groupOf = async (name: string, ...others: { id: number }[]): Promise<number> =>
  (await anna.post('/api/conversations', { name, member_ids: others.map(({ id }) => id) })).body.conversation
    .id
const row = (reader: Visitor, title: string) =>
  reader.page.locator('#rows-list .row').filter({ hasText: title })
const titles = (reader: Visitor) => reader.page.locator('#rows-list .row__name')
const item = (reader: Visitor, name: string) => reader.page.getByRole('menuitem', { name, exact: true })
const openRow = async (reader: Visitor, title: string) => {
  await row(reader, title).hover()
  await reader.button(`Opcje rozmowy: ${title}`).click()
}

test('what is marked as unread stays so until the conversation is opened anew, on other devices too', async () => {
  const id = await groupOf('Nieprzeczytane', bartek)
  for (const text of ['pierwsza', 'druga', 'trzecia']) await anna.say(id, text)
  await bartek.post(`/api/conversations/${id}/read`)
  const [reader, other] = [await arrive('bartek'), await arrive('bartek')]
  await reader.choose('Nieprzeczytane')
  await reader.pick('druga', 'Oznacz jako nieprzeczytane')
  await expect(reader.page.getByText('Oznaczono jako nieprzeczytane')).toBeVisible()
  for (const each of [reader, other])
    await expect(each.inList('Nieprzeczytane')).toContainText('2 nieprzeczytane wiadomości')
  await expect(reader.page).toHaveTitle(/\(\d+\)/)
  const divider = reader.log.locator('.unread-line + article')
  await expect(divider).toContainText('druga')
  await shot(reader.page, 'unread')
  expect(await faults(reader.page)).toEqual([])
  await anna.say(id, 'czwarta')
  await reader.sees('czwarta')
  await expect(reader.inList('Nieprzeczytane')).toContainText('3 nieprzeczytane wiadomości')
  await reader.inList('Nieprzeczytane').click()
  for (const each of [reader, other])
    await expect(each.inList('Nieprzeczytane')).not.toContainText('nieprzeczytane')
})

test('what could not be marked as unread is read on, and so is what was read elsewhere', async () => {
  const id = await groupOf('Czytane dalej', celina)
  for (const text of ['pierwsza', 'druga', 'trzecia']) await anna.say(id, text)
  await celina.post(`/api/conversations/${id}/read`)
  const reader = await arrive('celina')
  await reader.choose('Czytane dalej')
  await reader.page.route(/\/unread$/, (route) => route.abort())
  await reader.pick('druga', 'Oznacz jako nieprzeczytane')
  await expect(reader.page.getByText('Nie udało się')).toBeVisible()
  reader.errors.splice(0) // the browser itself reports every failed request
  const unread = expect(reader.inList('Czytane dalej'))
  await expect(reader.log.locator('.unread-line')).toHaveCount(0)
  await anna.say(id, 'czwarta')
  await reader.sees('czwarta')
  await expect
    .poll(async () => (await celina.get(`/api/conversations/${id}`)).body.conversation.unread_count)
    .toBe(0)
  await celina.post(`/api/conversations/${id}/unread`)
  await unread.toContainText('1 nieprzeczytana wiadomość')
  await celina.post(`/api/conversations/${id}/read`)
  await unread.not.toContainText('nieprzeczytan')
  await anna.say(id, 'piąta')
  await reader.sees('piąta')
  await expect
    .poll(async () => (await celina.get(`/api/conversations/${id}`)).body.conversation.unread_count)
    .toBe(0)
})

test('a conversation is marked as unread and as read from its row', async () => {
  const id = await groupOf('Z wiersza', bartek)
  await bartek.say(id, 'ostatnia')
  await anna.post(`/api/conversations/${id}/read`)
  const reader = await arrive('anna')
  await reader.choose('Z wiersza')
  await openRow(reader, 'Z wiersza')
  await item(reader, 'Oznacz jako nieprzeczytaną').click()
  await expect(reader.inList('Z wiersza')).toContainText('1 nieprzeczytana wiadomość')
  await openRow(reader, 'Z wiersza')
  await item(reader, 'Oznacz jako przeczytaną').click()
  await expect(reader.inList('Z wiersza')).not.toContainText('nieprzeczytan')
})

test('starred messages are in a list, from which they open in place', async () => {
  const [here, there] = [await groupOf('Tutaj', bartek), await groupOf('Tam', bartek)]
  await bartek.say(here, 'ważny termin')
  await bartek.say(there, 'ważny adres')
  for (let n = 0; n < 60; n++) await bartek.say(there, `późniejsza ${n}`)
  const [reader, other] = [await arrive('anna'), await arrive('anna')]
  const list = async () => {
    await reader.button('Twoje konto').click()
    await reader.button('Oznaczone gwiazdką').click()
  }
  await list()
  await expect(reader.dialog).toContainText('Nie masz jeszcze gwiazdek')
  await shot(reader.page, 'stars-none')
  expect(await faults(reader.page)).toEqual([])
  await reader.page.keyboard.press('Escape')
  for (const each of [reader, other]) await each.choose('Tutaj')
  await reader.pick('ważny termin', 'Oznacz gwiazdką')
  for (const each of [reader, other])
    await expect(each.message('ważny termin').getByRole('img', { name: 'oznaczona gwiazdką' })).toBeVisible()
  await bartek.post(`/api/conversations/${there}/read`)
  const { messages } = (await anna.get('/api/search?q=adres')).body.results
    .map(({ message }) => message)
    .reduce((all, each) => ({ messages: [...all.messages, each] }), { messages: [] as { id: number }[] })
  await anna.post(`/api/messages/${messages[0]!.id}/star`)
  await list()
  const rows = reader.dialog.getByRole('listitem')
  await expect(rows).toHaveText([/Bartek.*ważny adres.*Tam/, /Bartek.*ważny termin.*Tutaj/])
  await shot(reader.page, 'stars')
  expect(await faults(reader.page)).toEqual([])
  await reader.page.keyboard.press('Tab')
  await rows.first().getByRole('link').press('Enter')
  await expect(reader.dialog).toHaveCount(0)
  await expect(reader.message('ważny adres')).toBeInViewport()
  await expect(reader.page).toHaveURL(new RegExp(`/wiadomosci/${there}$`))
  await list()
  await rows.first().getByRole('button', { name: 'Usuń gwiazdkę' }).click()
  await expect(rows).toHaveCount(1)
  await expect(rows.getByRole('button', { name: 'Usuń gwiazdkę' })).toBeFocused()
  await reader.page.keyboard.press('Escape')
  await expect(reader.message('ważny adres').getByRole('img', { name: 'oznaczona gwiazdką' })).toHaveCount(0)
})

test('a list of stars that cannot be loaded says so, and is asked for again', async () => {
  const id = await groupOf('Bez sieci', bartek)
  const { id: message } = await anna.say(id, 'do zapamiętania')
  await bartek.post(`/api/messages/${message}/star`)
  const reader = await arrive('bartek')
  await reader.page.route('**/api/messages/starred*', (route) => route.fulfill({ status: 404, body: '{}' }))
  await reader.button('Twoje konto').click()
  await reader.button('Oznaczone gwiazdką').click()
  await expect(reader.dialog).toContainText('Nie udało się wczytać')
  await reader.page.unroute('**/api/messages/starred*')
  await reader.button('Spróbuj jeszcze raz').click()
  await expect(reader.dialog.getByRole('listitem')).toContainText('do zapamiętania')
})

test('a copied link opens a member’s conversation in place at the message, and nobody else’s', async () => {
  const id = await groupOf('Z linkiem', bartek)
  await anna.say(id, 'tu chcę wrócić')
  for (let n = 0; n < 60; n++) await anna.say(id, `dalsza ${n}`)
  const elsewhere = await anna.talkTo(bartek)
  const { messages } = (await anna.get(`/api/conversations/${id}/messages?after_id=1&limit=1`)).body
  const writer = await arrive('anna', { permissions: ['clipboard-read', 'clipboard-write'] })
  await writer.open(`/wiadomosci/${id}?wiadomosc=${messages[0]!.id}`)
  await writer.pick('tu chcę wrócić', 'Kopiuj link')
  await expect(writer.page.getByText('Skopiowano link')).toBeVisible()
  const link = await writer.page.evaluate(() => navigator.clipboard.readText())
  await anna.say(elsewhere, `Zobacz ${link}`)
  const reader = await arrive('bartek')
  await reader.choose('Anna Kowalska')
  await reader.log.getByRole('link', { name: link }).click()
  await expect(reader.message('tu chcę wrócić')).toBeInViewport()
  await expect(reader.message('tu chcę wrócić')).toBeFocused()
  expect(reader.page.context().pages()).toHaveLength(1)
  const stranger = await arrive('celina')
  const answer = await stranger.page.goto(link)
  expect(answer!.status()).toBe(404)
  await expect(stranger.page.locator('#main')).not.toContainText('tu chcę wrócić')
})

test('a link opens at its message after signing in, too', async () => {
  const id = await groupOf('Po zalogowaniu', bartek)
  const first = await anna.say(id, 'początek sprawy')
  for (let n = 0; n < 60; n++) await anna.say(id, `ciąg dalszy ${n}`)
  await bartek.post(`/api/conversations/${id}/read`)
  const reader = await arrive('bartek')
  await reader.open(`/wiadomosci/${id}?wiadomosc=${first.id}`)
  await expect(reader.message('początek sprawy')).toBeInViewport()
  await expect(reader.message('początek sprawy')).toBeFocused()
})

test('in a group the menu says who has read a message, whom it reached, and how many are left', async () => {
  const id = await groupOf('Czytelnicy', bartek, celina, dawid, ewa)
  await dawid.patch('/api/users/me/settings', { show_last_seen: false })
  const stream = await celina.listen()
  await anna.say(id, 'Kto czytał?')
  await stream.hear('new_message', (each) => each.conversation_id === id)
  for (const each of [bartek, dawid]) await each.post(`/api/conversations/${id}/read`)
  const reader = await arrive('anna')
  await reader.choose('Czytelnicy')
  await expect
    .poll(async () => {
      await reader.pick('Kto czytał?', 'Kto przeczytał')
      await expect(reader.dialog.getByRole('listitem').first()).toBeVisible()
      const text = await reader.dialog.innerText()
      await reader.page.keyboard.press('Escape')
      return text
    })
    .toMatch(/Przeczytane · 1\s+.*Bartek Zieliński.*Dostarczone · 1.*Celina Wójcik.*Pozostałe osoby: 2/s)
  await reader.pick('Kto czytał?', 'Kto przeczytał')
  await shot(reader.page, 'readers')
  expect(await faults(reader.page)).toEqual([])
  stream.close()
  await dawid.patch('/api/users/me/settings', { show_last_seen: true })
})

test('a thousand readers are listed without holding up the page', async () => {
  const id = await groupOf('Tysiąc', bartek)
  const { id: message } = await anna.say(id, 'Do wszystkich')
  await sql`
    with people as (
      insert into users (email, username, name, password_hash)
      select concat('t', n, '@example.org'), concat('t', n), concat('Człowiek ', n), 'x'
      from generate_series(1, 998) n returning id
    )
    insert into conversation_members (conversation_id, user_id, last_read_at, last_read_message_id)
    select ${id}, id, now(), ${message} from people`
  const reader = await arrive('anna')
  await reader.choose('Tysiąc')
  await reader.page.evaluate(() => {
    const longest = { ms: 0 }
    Object.assign(globalThis, { longest })
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration)
    }).observe({ type: 'longtask' })
  })
  await reader.pick('Do wszystkich', 'Kto przeczytał')
  await expect(reader.dialog).toContainText('Przeczytane · 998')
  await expect(reader.dialog.getByRole('listitem')).toHaveCount(998)
  const longest = await reader.page.evaluate(
    () => (globalThis as unknown as { longest: { ms: number } }).longest.ms,
  )
  expect(longest).toBeLessThan(1500)
})

test('pinned conversations stand first, by keyboard from the row, and there are nine at most', async () => {
  const names = Array.from({ length: 11 }, (_, n) => `Grupa ${String.fromCharCode(65 + n)}`)
  for (const name of names) await ewa.post('/api/conversations', { name, member_ids: [celina.id] })
  const reader = await arrive('ewa')
  const { keyboard } = reader.page
  await reader.inList('Grupa A').focus()
  await keyboard.press('Tab')
  await expect(reader.button('Opcje rozmowy: Grupa A')).toBeFocused()
  await keyboard.press('Enter')
  await expect(item(reader, 'Przypnij')).toBeFocused()
  await shot(reader.page, 'row-menu')
  expect(await faults(reader.page)).toEqual([])
  await keyboard.press('Enter')
  await expect(titles(reader).first()).toHaveText('Grupa A')
  await expect(reader.button('Opcje rozmowy: Grupa A')).toBeFocused()
  await expect(reader.inList('Grupa A')).toContainText('przypięta')
  const { conversations } = (await ewa.get('/api/conversations')).body
  for (const { id, title } of conversations)
    if (/^Grupa [B-I]$/.test(title)) await ewa.patch(`/api/conversations/${id}/settings`, { is_pinned: true })
  await expect(titles(reader).nth(8)).toHaveText('Grupa A')
  await shot(reader.page, 'pinned')
  await openRow(reader, 'Grupa K')
  await item(reader, 'Przypnij').click()
  await expect(reader.page.getByText('Przypiąć można najwyżej 9 rozmów. Odepnij którąś.')).toBeVisible()
  await reader.page.reload()
  await expect(titles(reader).nth(8)).toHaveText('Grupa A')
  await openRow(reader, 'Grupa A')
  await item(reader, 'Odepnij').click()
  await expect(titles(reader).nth(8)).not.toHaveText('Grupa A')
})

test('a conversation is muted for an hour from its row, until the time has come', async () => {
  const id = await groupOf('Głośna', celina)
  const reader = await arrive('celina')
  await reader.page.clock.install()
  await reader.open('/wiadomosci')
  await openRow(reader, 'Głośna')
  await item(reader, 'Wycisz…').click()
  await expect(item(reader, 'Na 1 godzinę')).toBeFocused()
  await expect(item(reader, 'Do jutra, 08:00')).toBeVisible()
  await shot(reader.page, 'mute')
  expect(await faults(reader.page)).toEqual([])
  await item(reader, 'Na 1 godzinę').click()
  await expect(reader.inList('Głośna')).toContainText('Wyciszona')
  const until = async () => (await celina.get(`/api/conversations/${id}`)).body.conversation.muted_until
  await expect.poll(async () => Date.parse((await until()) ?? '') - Date.now()).toBeGreaterThan(3_500_000)
  await openRow(reader, 'Głośna')
  await expect(reader.page.getByRole('menu')).toContainText(/Wyciszona do: \d\d:\d\d/)
  await reader.page.keyboard.press('Escape')
  await reader.page.clock.fastForward('01:02:00')
  await expect(reader.inList('Głośna')).not.toContainText('Wyciszona')
  await openRow(reader, 'Głośna')
  await item(reader, 'Wycisz…').click()
  await item(reader, 'Na zawsze').click()
  await openRow(reader, 'Głośna')
  await item(reader, 'Wyłącz wyciszenie').click()
  await expect(reader.inList('Głośna')).not.toContainText('Wyciszona')
})

test('a row’s menu opens by a right click and by the menu key, and archives', async () => {
  await groupOf('Do archiwum', dawid)
  const reader = await arrive('dawid')
  await reader.inList('Do archiwum').click({ button: 'right' })
  await expect(item(reader, 'Archiwizuj')).toBeVisible()
  await reader.page.keyboard.press('Escape')
  await reader.inList('Do archiwum').focus()
  await reader.page.keyboard.press('ContextMenu')
  await item(reader, 'Archiwizuj').click()
  await expect(reader.inList('Do archiwum')).toHaveCount(0)
  await reader.button('Archiwum').click()
  await openRow(reader, 'Do archiwum')
  await expect(item(reader, 'Przypnij')).toHaveCount(0)
  await item(reader, 'Przywróć').click()
  await expect(reader.inList('Do archiwum')).toHaveCount(0)
})

test('a row’s menu opens before the list is loaded, too', async () => {
  await groupOf('Zaraz po wejściu', dawid)
  const reader = await arrive('dawid')
  await reader.page.route('**/api/conversations?*', () => {})
  await reader.page.reload()
  await reader.isLive()
  await reader.inList('Zaraz po wejściu').click({ button: 'right' })
  await expect(item(reader, 'Archiwizuj')).toBeVisible()
})

test.each([390, 320])('on a phone of %i px a long press on a row opens its menu', async (width) => {
  const name = `Bardzo długa nazwa grupy roboczej do spraw telefonów ${width}`
  await groupOf(name, bartek)
  const reader = await arrive('bartek', { ...phone, viewport: { width, height: 700 } })
  const { x, y } = (await reader.inList(name).boundingBox())!
  const touch = await reader.page.context().newCDPSession(reader.page)
  const touchPoints = [{ x: x + 80, y: y + 30 }]
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
  const menu = reader.page.getByRole('menu')
  await expect(menu).toBeVisible()
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await expect(menu).toBeVisible()
  await shot(reader.page, `phone-row-${width}`)
  expect(await faults(reader.page)).toEqual([])
  for (const each of await menu.getByRole('menuitem').all())
    expect((await each.boundingBox())!.height).toBeGreaterThanOrEqual(44)
  await item(reader, 'Przypnij').tap()
  await expect(menu).toHaveCount(0)
  await expect(reader.inList(name)).toContainText('przypięta')
  await shot(reader.page, `phone-list-${width}`)
  await expect(reader.page).toHaveURL(/wiadomosci$/)
  expect(await reader.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
})

test('on a phone who has read a message, and the stars, are sheets', async () => {
  const id = await groupOf('Telefon', bartek)
  const { id: message } = await bartek.say(id, 'Do zapamiętania')
  await anna.post(`/api/messages/${message}/star`)
  const reader = await arrive('anna', phone)
  await reader.button('Twoje konto').tap()
  await reader.button('Oznaczone gwiazdką').tap()
  await expect(reader.dialog.getByRole('listitem').first()).toBeVisible()
  await shot(reader.page, 'phone-stars')
  expect(await faults(reader.page)).toEqual([])
  await reader.dialog.getByRole('link').first().tap()
  await reader.sees('Do zapamiętania')
  await reader.message('Do zapamiętania').getByRole('button', { name: 'Więcej' }).tap()
  await shot(reader.page, 'phone-menu')
  await item(reader, 'Kto przeczytał').tap()
  await expect(reader.dialog.getByRole('listitem').first()).toBeVisible()
  await shot(reader.page, 'phone-readers')
  expect(await faults(reader.page)).toEqual([])
})
