import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'
import { shot } from './shot.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { bartek } = service

async function openSettings(member: Visitor): Promise<void> {
  await member.button('Twoje konto').click()
  await member.button('Ustawienia').click()
  await expect(member.dialog).toBeVisible()
}

const switchOf = (member: Visitor, name: string) =>
  member.dialog.getByRole('switch', { name: new RegExp(`^${name}`) })

test('quiet hours are set in the member’s own time, and taken back', async () => {
  const member = await arrive('bartek')
  await openSettings(member)
  const { dialog } = member
  await expect(dialog.getByLabel('Od', { exact: true })).toBeHidden()
  await dialog.getByRole('checkbox', { name: 'Godziny ciszy' }).check()
  await dialog.getByLabel('Od', { exact: true }).fill('21:30')
  await dialog.getByLabel('Do', { exact: true }).fill('21:30')
  await member.button('Zapisz').click()
  await expect(dialog).toBeVisible()
  await dialog.getByLabel('Do', { exact: true }).fill('06:15')
  expect(await faults(member.page)).toEqual([])
  await member.button('Zapisz').click()
  await expect(member.page.getByText('Zapisano ustawienia.')).toBeVisible()
  const saved = async () => (await bartek.get('/api/users/me')).body.user.quiet_hours
  expect(await saved()).toEqual({ from: '21:30', to: '06:15', time_zone: 'Europe/Warsaw' })
  await openSettings(member)
  await expect(dialog.getByLabel('Od', { exact: true })).toHaveValue('21:30')
  await dialog.getByRole('checkbox', { name: 'Godziny ciszy' }).uncheck()
  await member.button('Zapisz').click()
  await expect.poll(saved).toBe(null)
})

test('hours of another place stay there until they are changed', async () => {
  const hours = { from: '22:00', to: '07:00', time_zone: 'Asia/Tokyo' }
  await bartek.patch('/api/users/me/settings', { quiet_hours: hours })
  const member = await arrive('bartek')
  const saved = async () => (await bartek.get('/api/users/me')).body.user.quiet_hours
  await openSettings(member)
  await expect(member.dialog.getByText('Według czasu Asia/Tokyo.')).toBeVisible()
  await member.button('Zapisz').click()
  await expect(member.dialog).toBeHidden()
  expect(await saved()).toEqual(hours)
  await openSettings(member)
  await member.dialog.getByLabel('Od', { exact: true }).fill('23:00')
  await member.button('Zapisz').click()
  await expect.poll(saved).toEqual({ ...hours, from: '23:00', time_zone: 'Europe/Warsaw' })
  await bartek.patch('/api/users/me/settings', { quiet_hours: null })
})

test('what is of this device is switched by keyboard, at once, and is still so after signing out', async () => {
  const member = await arrive('anna')
  await openSettings(member)
  const sound = switchOf(member, 'Dźwięk')
  await expect(sound).toBeChecked()
  await member.dialog.getByRole('checkbox', { name: 'Godziny ciszy' }).focus()
  await member.page.keyboard.press('Tab')
  await expect(sound).toBeFocused()
  await member.page.keyboard.press('Space')
  await expect(sound).not.toBeChecked()
  await member.page.keyboard.press('Tab')
  await expect(switchOf(member, 'Powiadomienia na pulpicie')).toBeFocused()
  await member.page.keyboard.press('Tab')
  await expect(switchOf(member, 'Powiadomienia, gdy')).toBeFocused()
  await member.page.keyboard.press('Escape')
  await expect(member.dialog).toBeHidden()
  await member.button('Twoje konto').click()
  await member.button('Wyloguj się').click()
  await expect(member.page).toHaveURL(/logowanie/)
  await member.signIn('anna')
  await openSettings(member)
  await expect(switchOf(member, 'Dźwięk')).not.toBeChecked()
})

test('a browser that forbids notices is not asked before a click, and the reason is said', async () => {
  const member = await arrive('anna', phone)
  await member.page.evaluate(() => {
    Object.assign(window, { asked: 0 })
    Notification.requestPermission = async () => {
      Object.assign(window, { asked: (window as unknown as { asked: number }).asked + 1 })
      return 'denied'
    }
  })
  const asked = () => member.page.evaluate(() => (window as unknown as { asked: number }).asked)
  await openSettings(member)
  expect(await asked()).toBe(0)
  for (const name of ['Powiadomienia na pulpicie', 'Powiadomienia, gdy']) {
    await switchOf(member, name).click()
    await expect(switchOf(member, name)).toHaveAccessibleDescription(/^Przeglądarka blokuje powiadomienia/)
    await expect(switchOf(member, name)).not.toBeChecked()
  }
  expect(await asked()).toBe(2)
  expect(await faults(member.page)).toEqual([])
})

test('on the narrowest screen nothing is wider than it', async () => {
  const member = await arrive('anna', { ...phone, viewport: { width: 320, height: 640 } })
  await openSettings(member)
  await member.dialog.getByRole('checkbox', { name: 'Godziny ciszy' }).check()
  const overflow = () => member.dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
  expect(await overflow()).toBe(0)
  const body = member.dialog.locator('.dialog__body')
  expect(await body.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  for (const each of await member.dialog.getByRole('switch').all())
    expect((await each.boundingBox())!.height).toBeGreaterThanOrEqual(44)
  await shot(member.page, 'notices-320')
})
