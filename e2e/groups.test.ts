import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid } = service

async function group(name: string, ...members: { id: number }[]): Promise<number> {
  const member_ids = members.map((member) => member.id)
  const { body } = await anna.post('/api/conversations', { name, member_ids })
  await anna.say(body.conversation.id, `Witajcie w ${name}`)
  return body.conversation.id
}

const panel = (visitor: Visitor) => visitor.page.getByRole('complementary')
async function openPanel(visitor: Visitor, title: string): Promise<void> {
  await visitor.choose(title)
  await visitor.button('Informacje o rozmowie').click()
  await expect(panel(visitor)).toBeVisible()
}

test('any member renames and describes a group, and all see it', async () => {
  await group('Stary zarząd', bartek, celina)
  const [one, other] = [await arrive('bartek'), await arrive('anna')]
  await other.choose('Stary zarząd')
  await openPanel(one, 'Stary zarząd')
  await panel(one).getByRole('button', { name: 'Zmień nazwę i opis' }).click()
  await panel(one).getByLabel('Nazwa grupy').fill('Nowy zarząd')
  await panel(one).getByLabel('Opis').fill('Sprawy bieżące')
  await panel(one).getByRole('button', { name: 'Zapisz' }).click()
  await expect(panel(one)).toContainText('Sprawy bieżące')
  await expect(other.page.getByRole('heading', { name: 'Nowy zarząd' })).toBeVisible()
  await expect(other.inList('Nowy zarząd')).toBeVisible()
  await expect(other.log.getByText('Bartek Zieliński zmienia nazwę grupy')).toBeVisible()
})

test('the owner adds and removes people, and those removed get a friendly message', async () => {
  await group('Komisja', bartek)
  const [owner, member] = [await arrive('anna'), await arrive('dawid')]
  await openPanel(owner, 'Komisja')
  await panel(owner).getByRole('button', { name: 'Dodaj osoby' }).click()
  await owner.dialog.getByRole('searchbox').fill('zolk')
  await owner.dialog.getByRole('button', { name: /Dawid/ }).click()
  await owner.dialog.getByRole('button', { name: 'Dodaj', exact: true }).click()
  await expect(panel(owner).getByText('Dawid Żółkiewski')).toBeVisible()
  await member.choose('Komisja')
  await member.button('Informacje o rozmowie').click()
  await expect(panel(member).getByText('Prowadzi grupę')).toBeVisible()
  await expect(panel(member).getByRole('button', { name: 'Dodaj osoby' })).toHaveCount(0)
  await expect(panel(member).getByRole('button', { name: 'Usuń grupę' })).toHaveCount(0)
  await panel(owner).getByRole('button', { name: 'Usuń z grupy: Dawid Żółkiewski' }).click()
  await owner.dialog.getByRole('button', { name: 'Usuń z grupy' }).click()
  await expect(member.page.getByText('Tej rozmowy już nie ma')).toBeVisible()
  await expect(member.inList('Komisja')).toHaveCount(0)
  await expect(panel(owner).getByText('Dawid Żółkiewski')).toHaveCount(0)
})

test('those who leave see who takes over, and the group leaves their list', async () => {
  await group('Chór', celina, dawid)
  const [owner, heir] = [await arrive('anna'), await arrive('celina')]
  await openPanel(heir, 'Chór')
  await expect(panel(heir).getByText('Anna Kowalska')).toBeVisible()
  await openPanel(owner, 'Chór')
  await panel(owner).getByRole('button', { name: 'Opuść grupę' }).click()
  await expect(owner.dialog).toContainText(/Grupę przejmie (Celina Wójcik|Dawid Żółkiewski)/)
  await owner.dialog.getByRole('button', { name: 'Opuść grupę' }).click()
  await expect(owner.page.getByText('Opuszczono grupę „Chór”.')).toBeVisible()
  await expect(owner.inList('Chór')).toHaveCount(0)
  await expect(heir.log.getByText('Anna Kowalska opuszcza grupę')).toBeVisible()
  await expect(panel(heir).getByText('Anna Kowalska')).toHaveCount(0)
  await expect(panel(heir).getByText('2 osoby')).toBeVisible()
})

test('the owner deletes a group for everyone', async () => {
  await group('Wycieczka', bartek)
  const [owner, member] = [await arrive('anna'), await arrive('bartek')]
  await member.choose('Wycieczka')
  await openPanel(owner, 'Wycieczka')
  await panel(owner).getByRole('button', { name: 'Usuń grupę' }).click()
  await owner.dialog.getByRole('button', { name: 'Usuń grupę' }).click()
  await expect(owner.page.getByText('Usunięto grupę „Wycieczka”.')).toBeVisible()
  await expect(member.page.getByText('Tej rozmowy już nie ma')).toBeVisible()
})

test('a conversation is muted and archived, and found in the archive', async () => {
  const id = await anna.talkTo(celina)
  await celina.say(id, 'Cicho sza')
  const reader = await arrive('anna')
  await openPanel(reader, 'Celina Wójcik')
  await panel(reader)
    .getByRole('switch', { name: /Wycisz/ })
    .click()
  await expect(reader.inList('Celina Wójcik')).toHaveAccessibleDescription(/Wyciszona/)
  await panel(reader)
    .getByRole('switch', { name: /W archiwum/ })
    .click()
  await expect(reader.inList('Celina Wójcik')).toHaveCount(0)
  await reader.button('Archiwum').click()
  await expect(reader.inList('Celina Wójcik')).toBeVisible()
  await reader.page.reload()
  await expect(reader.inList('Celina Wójcik')).toHaveCount(0)
  await reader.button('Archiwum').click()
  await expect(reader.inList('Celina Wójcik')).toBeVisible()
})

test('on a phone the details cover the page, and Wróć closes them', async () => {
  await group('Piknik', bartek)
  const reader = await arrive('bartek', phone)
  await openPanel(reader, 'Piknik')
  await expect(reader.log).toBeHidden()
  await panel(reader).getByRole('button', { name: 'Wróć' }).tap()
  await expect(panel(reader)).toHaveCount(0)
  await reader.sees('Witajcie w Piknik')
  await reader.button('Informacje o rozmowie').tap()
  await expect(panel(reader)).toBeVisible()
  await reader.page.goBack()
  await expect(panel(reader)).toHaveCount(0)
  await reader.sees('Witajcie w Piknik')
})

test('a name opens a card for writing to that person, by click, by keyboard and from a list of people', async () => {
  const id = await group('Wizytówki', bartek, celina)
  await bartek.say(id, 'kto to?')
  await celina.post(`/api/conversations/${id}/read`)
  const reader = await arrive('celina')
  await reader.choose('Wizytówki')
  const card = reader.page.getByRole('dialog', { name: 'Bartek Zieliński' })
  const name = reader.log.getByRole('button', { name: 'Bartek Zieliński', exact: true })
  await reader.log.focus()
  await reader.page.keyboard.press('ArrowUp')
  await reader.page.keyboard.press('Tab')
  await expect(name).toBeFocused()
  await reader.page.keyboard.press('Enter')
  await expect(card).toContainText('@bartek')
  await expect(card.getByRole('button', { name: 'Napisz' })).toBeFocused()
  await reader.page.keyboard.press('Escape')
  await expect(card).toHaveCount(0)
  await expect(name).toBeFocused()
  await reader.button('Informacje o rozmowie').click()
  await panel(reader)
    .getByRole('button', { name: /Bartek Zieliński/ })
    .click()
  await card.getByRole('button', { name: 'Napisz' }).click()
  await expect(card).toHaveCount(0)
  await expect(reader.page.getByRole('heading', { level: 1, name: 'Bartek Zieliński' })).toBeVisible()
  expect((await celina.get('/api/conversations')).body.conversations[0]!.title).toBe('Bartek Zieliński')
})

test('a card opened from the list of readers leads to a conversation, and the list closes', async () => {
  const id = await group('Czytelnicy', bartek, celina)
  const message = await anna.say(id, 'czytane')
  await bartek.post(`/api/conversations/${id}/read`, { message_id: message.id })
  const reader = await arrive('anna', phone)
  await reader.choose('Czytelnicy')
  await reader.log.getByRole('button', { name: /Przeczytane/ }).tap()
  const list = reader.page.getByRole('dialog', { name: 'Kto przeczytał' })
  await list.getByRole('button', { name: 'Bartek Zieliński' }).tap()
  const card = reader.page.getByRole('dialog', { name: 'Bartek Zieliński' })
  await expect(card).toBeVisible()
  await reader.page.evaluate(() => history.back())
  await expect(card).toHaveCount(0)
  await expect(list).toBeVisible()
  await list.getByRole('button', { name: 'Bartek Zieliński' }).tap()
  await card.getByRole('button', { name: 'Napisz' }).tap()
  await expect(list).toHaveCount(0)
  await expect(reader.page.getByRole('heading', { name: 'Bartek Zieliński' })).toBeVisible()
  await reader.page.evaluate(() => history.back())
  await expect(reader.page.getByRole('heading', { name: 'Czytelnicy' })).toBeVisible()
})

test('a large group and a long directory are searched and listed completely', async () => {
  const { sql } = await import('../server/db/client.ts')
  const crowd = await sql<{ id: number }[]>`
    insert into users (email, username, name)
    select format('czlonek%s@example.org', n), format('czlonek%s', n), format('Członek %s', n)
    from generate_series(1, 45) n returning id`
  const { body } = await anna.post('/api/conversations', {
    name: 'Walne',
    member_ids: crowd.slice(0, 40).map(({ id }) => id),
  })
  await anna.say(body.conversation.id, 'Otwieram zebranie')
  const reader = await arrive('anna')
  await openPanel(reader, 'Walne')
  const members = panel(reader).locator('#details-members > li')
  await expect(members).toHaveCount(30)
  await panel(reader).getByRole('searchbox', { name: 'Szukaj osoby w grupie' }).fill('członek 39')
  await expect(members).toHaveText([/Członek 39/])
  await panel(reader).getByRole('searchbox').fill('nie ma takiej')
  await expect(panel(reader).getByText('Nie ma tu nikogo takiego.')).toBeVisible()
  await panel(reader).getByRole('button', { name: 'Dodaj osoby' }).click()
  const found = reader.dialog.getByRole('list', { name: 'Znalezione osoby' }).getByRole('listitem')
  // The first pages of the directory are in the group already.
  await expect(found.filter({ hasText: 'Członek 45' })).toBeVisible()
  await expect(found.filter({ hasText: 'Członek 39' })).toHaveCount(0)
  await reader.page.keyboard.press('Escape')
  await reader.button('Nowa rozmowa').click()
  await expect(found.nth(19)).toBeVisible()
  for (const last of [40, 50]) {
    await found.last().scrollIntoViewIfNeeded()
    await expect(found).toHaveCount(last)
  }
})

test('people with similar names are distinguished by their username', async () => {
  await celina.patch('/api/users/me/settings', { display_name: 'BARTEK Zielinski' })
  await bartek.say(await anna.talkTo(bartek), 'To ja')
  const withCelina = await anna.talkTo(celina)
  await celina.say(withCelina, 'To nie ja')
  // Muted and archived by an earlier test, so a new message leaves it in the archive.
  await anna.patch(`/api/conversations/${withCelina}/settings`, { is_archived: false })
  await group('Dwoje', bartek, celina)
  const reader = await arrive('anna')
  await expect(reader.inList('Bartek Zieliński @bartek')).toBeVisible()
  await reader.inList('BARTEK Zielinski @celina').click()
  await expect(reader.page.locator('.head__about')).toContainText('@celina')
  await openPanel(reader, 'Dwoje')
  await expect(panel(reader).getByRole('listitem').filter({ hasText: 'Bartek Zieliński' })).toContainText(
    '@bartek',
  )
  await celina.patch('/api/users/me/settings', { display_name: 'Celina Wiśniewska' })
})
