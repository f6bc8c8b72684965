import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { signedInVisitors } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid, ewa } = service

test('a reaction reaches the other member at once, and a click removes it', async () => {
  await anna.say(await anna.talkTo(bartek), 'Mamy salę')
  const [writer, reader] = [await arrive('anna'), await arrive('bartek')]
  await writer.choose('Bartek Zieliński')
  await reader.choose('Anna Kowalska')
  await (await reader.openMenu('Mamy salę')).getByRole('menuitemcheckbox', { name: '👍' }).click()
  const pill = (visitor: typeof reader, names: string) =>
    visitor.button(`👍 ${names.split(', ').length}: ${names}`)
  await expect(pill(reader, 'Bartek Zieliński')).toHaveAttribute('aria-pressed', 'true')
  await expect(pill(writer, 'Bartek Zieliński')).toHaveAttribute('aria-pressed', 'false')
  await pill(writer, 'Bartek Zieliński').click()
  await expect(pill(reader, 'Bartek Zieliński, Anna Kowalska')).toContainText('2')
  await pill(reader, 'Bartek Zieliński, Anna Kowalska').click()
  await expect(pill(writer, 'Anna Kowalska')).toContainText('1')
})

test('any emoji is found in Polish or English, and is then among the recent ones', async () => {
  await celina.say(await celina.talkTo(dawid), 'Wygraliśmy')
  const reader = await arrive('dawid')
  await reader.choose('Celina Wójcik')
  await reader.pick('Wygraliśmy', 'Reaguj')
  const picker = reader.page.getByRole('dialog', { name: 'Emoji' })
  const search = picker.getByRole('searchbox', { name: 'Szukaj emoji' })
  await search.fill('puchar')
  await expect(picker.getByRole('button', { name: '🏆' })).toBeVisible()
  await search.fill('trophy')
  await search.press('Enter')
  await expect(reader.button('🏆 1: Dawid Żółkiewski')).toBeVisible()
  await reader.pick('Wygraliśmy', 'Reaguj')
  await expect(
    picker.getByRole('group', { name: 'Ostatnio używane' }).getByRole('button').first(),
  ).toHaveText('🏆')
  await reader.page.keyboard.press('Escape')
  await expect(picker).toHaveCount(0)
})

test('an emoji is inserted at the cursor', async () => {
  await celina.say(await celina.talkTo(ewa), 'Hej')
  const writer = await arrive('ewa')
  await writer.choose('Celina Wójcik')
  await writer.input.click()
  await writer.page.keyboard.type('ab')
  await writer.page.keyboard.press('ArrowLeft')
  await writer.button('Emoji').click()
  await writer.page.getByRole('dialog', { name: 'Emoji' }).getByRole('button', { name: '👍' }).first().click()
  await expect(writer.input).toHaveText('a👍b')
})

test('a reaction that cannot be sent is reverted with a notice', async () => {
  await bartek.say(await bartek.talkTo(celina), 'Bez sieci')
  const reader = await arrive('celina')
  await reader.choose('Bartek Zieliński')
  await reader.page.route('**/reactions', (route) => route.abort())
  await (await reader.openMenu('Bez sieci')).getByRole('menuitemcheckbox', { name: '🙏' }).click()
  await expect(reader.page.getByText('Nie udało się dodać reakcji')).toBeVisible()
  await expect(reader.button('🙏: Celina Wójcik')).toHaveCount(0)
  reader.errors.splice(0) // the browser itself reports every failed request
})
