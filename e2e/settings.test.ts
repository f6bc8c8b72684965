import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { arrivals } from './people.ts'

const service = await startService()
const arrive = arrivals(service.address)
const { ewa } = service

test('name, language and what others may see are one’s own to set', async () => {
  const member = await arrive('ewa')
  await member.button('Twoje konto').click()
  await member.button('Ustawienia').click()
  await member.dialog.getByLabel('Ukryj czas ostatniej wizyty').check()
  await member.button('Zapisz').click()
  await expect(member.page.getByText('Zapisano ustawienia.')).toBeVisible()
  expect((await ewa.get('/api/users/me')).body.user.show_last_seen).toBe(false)
  await member.button('Twoje konto').click()
  await member.button('Ustawienia').click()
  await expect(member.dialog.getByLabel('Ukryj czas ostatniej wizyty')).toBeChecked()
  await member.dialog.getByLabel('Imię i nazwisko').fill('Ewa Nowa')
  await member.dialog.getByLabel('Język').selectOption('English')
  await member.button('Zapisz').click()
  await expect(member.page.getByRole('heading', { name: 'Conversations', exact: true })).toBeVisible()
  expect((await ewa.get('/api/users/me')).body.user.display_name).toBe('Ewa Nowa')
})
