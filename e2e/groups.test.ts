import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { arrivals, phone, type Visitor } from './people.ts'

const service = await startService()
const arrive = arrivals(service.address)
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

test('a group is renamed and described by any member, and all see it', async () => {
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

test('the owner adds and removes people; who is removed is told kindly', async () => {
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

test('who leaves is told who takes over, and it is gone from the list', async () => {
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

test('the owner deletes a group, and it is gone for everybody', async () => {
  await group('Wycieczka', bartek)
  const [owner, member] = [await arrive('anna'), await arrive('bartek')]
  await member.choose('Wycieczka')
  await openPanel(owner, 'Wycieczka')
  await panel(owner).getByRole('button', { name: 'Usuń grupę' }).click()
  await owner.dialog.getByRole('button', { name: 'Usuń grupę' }).click()
  await expect(owner.page.getByText('Usunięto grupę „Wycieczka”.')).toBeVisible()
  await expect(member.page.getByText('Tej rozmowy już nie ma')).toBeVisible()
})

test('a conversation is muted and archived, and found again in the archive', async () => {
  const id = await anna.talkTo(celina)
  await celina.say(id, 'Cicho sza')
  const reader = await arrive('anna')
  await openPanel(reader, 'Celina Wójcik')
  await panel(reader)
    .getByRole('switch', { name: /Wycisz/ })
    .click()
  await expect(reader.inList('Celina Wójcik').getByRole('img', { name: 'Wyciszona' })).toBeVisible()
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

test('on a phone the panel is a page of its own, left with Wróć', async () => {
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

test('people whose names read alike are told apart by their username', async () => {
  await celina.patch('/api/users/me/settings', { display_name: 'BARTEK Zielinski' })
  await bartek.say(await anna.talkTo(bartek), 'To ja')
  await celina.say(await anna.talkTo(celina), 'To nie ja')
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
