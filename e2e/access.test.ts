import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import sharp from 'sharp'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { heard } from './heard.ts'
import { phone, signedInVisitors, type Visitor, visitor } from './people.ts'
import { shot } from './shot.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid, ewa } = service

const cat = {
  name: 'kot.png',
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 400, height: 300, channels: 3, background: '#4a7' } })
    .png()
    .toBuffer(),
}

/** Runs axe on each state of the page, and collects its findings by state. */
function axeChecks(page: Page) {
  const wrong: Record<string, string[]> = {}
  return {
    wrong,
    check: async (state: string) => {
      const found = await faults(page)
      if (found.length) wrong[state] = found
      await shot(page, `access-${state}`)
    },
  }
}

const named = (visitor: Visitor, role: 'heading' | 'dialog', name: string | RegExp) =>
  expect(visitor.page.getByRole(role, { name })).toBeVisible()

test('axe finds no faults before signing in, in light and dark', async () => {
  const guest = await visitor(service.address)
  const { check, wrong } = axeChecks(guest.page)
  for (const [path, state] of [
    ['/logowanie', 'sign-in'],
    ['/rejestracja', 'register'],
    ['/nie-ma', 'not-found'],
  ] as const) {
    await guest.open(path)
    await check(state)
  }
  await guest.signInOnPage('anna', 'nie to')
  await check('sign-in-refused')
  expect(wrong).toEqual({})
  await guest.page.context().close()
})

test('axe finds no faults in a conversation and everything that opens over it, in light and dark', async () => {
  const id = await bartek.talkTo(anna)
  const first = await bartek.say(id, 'Kto przyjdzie? https://example.org')
  await anna.say(id, 'Ja przyjdę', { reply_to_id: first.id })
  for (const who of [anna, bartek]) await who.post(`/api/messages/${first.id}/reactions`, { emoji: '👍' })
  await bartek.post(`/api/messages/${first.id}/pin`)
  await bartek.patch(`/api/messages/${first.id}`, { content: 'Kto przyjdzie?' })
  const gone = await bartek.say(id, 'Zniknie')
  await bartek.delete(`/api/messages/${gone.id}`)
  const members = [anna.id, celina.id, dawid.id]
  const { conversation } = (await bartek.post('/api/conversations', { name: 'Zarząd', member_ids: members }))
    .body
  await celina.say(conversation.id, 'Dzień dobry')

  const reader = await arrive('bartek')
  const { page } = reader
  const { check, wrong } = axeChecks(page)
  await named(reader, 'heading', 'Wybierz rozmowę')
  await check('choose')
  await reader.choose('Anna Kowalska')
  await attach(reader, cat, { name: 'pusty.txt', mimeType: 'text/plain', buffer: Buffer.from('') })
  await expect(page.getByText('Plik jest pusty')).toBeVisible()
  await check('tray')
  await reader.button('Odłącz pusty.txt').click()
  await reader.write('Z obrazkiem')
  await expect(reader.log.getByRole('link', { name: 'Obraz kot.png' })).toBeVisible()
  await check('conversation')

  const over = async (
    state: string,
    open: () => Promise<unknown>,
    role: 'menu' | 'dialog' | 'alertdialog',
  ) => {
    await open()
    await expect(page.getByRole(role)).toBeVisible()
    await check(state)
    await page.keyboard.press('Escape')
    await expect(page.getByRole(role)).toHaveCount(0)
  }
  await over('menu', () => reader.openMenu('Ja przyjdę'), 'menu')
  await over('emoji', () => reader.button('Emoji').click(), 'dialog')
  await over('forward', () => reader.pick('Ja przyjdę', 'Przekaż'), 'dialog')
  await over('delete', () => reader.pick('Z obrazkiem', 'Usuń'), 'alertdialog')
  await over('pins', () => reader.button('Pokaż 1 przypiętą wiadomość').click(), 'dialog')
  await over('picture', () => reader.log.getByRole('link', { name: 'Obraz kot.png' }).click(), 'dialog')
  await over('new', () => reader.button('Nowa rozmowa').click(), 'dialog')
  await reader.button('Twoje konto').click()
  await check('account')
  await over('settings', () => reader.button('Ustawienia').click(), 'dialog')
  await reader.button('Formatowanie').click()
  await reader.button('Odnośnik').click()
  await check('format')

  await reader.choose('Zarząd')
  await over('person', () => reader.log.getByRole('button', { name: 'Celina Wójcik' }).click(), 'dialog')
  await reader.button('Informacje o rozmowie').click()
  await check('details')
  await over('add', () => reader.button('Dodaj osoby').click(), 'dialog')
  await reader.button('Zmień nazwę i opis').click()
  await check('rename')

  await reader.button('Archiwum').click()
  await named(reader, 'heading', 'Archiwum jest puste')
  await check('archive')
  await reader.button('Wszystkie').click()
  await page.getByRole('searchbox', { name: 'Szukaj' }).fill('nikt taki')
  await named(reader, 'heading', 'Nic nie znaleziono')
  await check('nothing-found')
  await reader.open('/wiadomosci/99999')
  await named(reader, 'heading', 'Nie ma takiej rozmowy')
  await check('missing')
  expect(wrong).toEqual({})
})

test('axe finds no faults on a phone, online and offline, and each state has its heading', async () => {
  const id = await celina.talkTo(anna)
  await celina.say(id, 'Z telefonu')
  await celina.talkTo(ewa)
  const reader = await (await visitor(service.address, phone)).signIn('celina')
  const { page } = reader
  const { check, wrong } = axeChecks(page)
  const state = async (name: string, heading: string) => {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText([heading])
    await expect(page.getByRole('main')).toBeVisible()
    await check(`phone-${name}`)
  }
  await state('list', 'Rozmowy')
  await reader.choose('Anna Kowalska')
  await state('conversation', 'Anna Kowalska')
  await reader.openMenu('Z telefonu')
  await state('menu', 'Anna Kowalska')
  await page.keyboard.press('Escape')
  await reader.button('Informacje o rozmowie').click()
  await state('details', 'Anna Kowalska')
  await page.goBack()
  await reader.button('Wróć').click()
  await state('back', 'Rozmowy')
  await page.context().setOffline(true)
  await reader.choose('Anna Kowalska')
  await reader.sees('Z telefonu')
  await state('kept', 'Anna Kowalska')
  await reader.button('Wróć').click()
  await reader.choose('Ewa Szczepańska')
  await named(reader, 'heading', 'Nie udało się wczytać rozmowy')
  await state('failed', 'Ewa Szczepańska')
  expect(wrong).toEqual({})
  await page.context().close()
})

test('signing in, finding, reading, replying, reacting, attaching and leaving work by keyboard alone', async () => {
  const id = await dawid.talkTo(ewa)
  await ewa.say(id, 'Kiedy zebranie?')
  await dawid.post('/api/conversations', { name: 'Wycieczka', member_ids: [anna.id] })
  const walker = await visitor(service.address)
  const { page } = walker
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const tabTo = async (words: string, key = 'Tab') => {
    for (let n = 0; n < 40 && !(await heard(page)).startsWith(words); n++) await press(key)
    expect(await heard(page)).toContain(words)
  }
  await walker.open('/logowanie')
  await expect(page.getByLabel('E-mail')).toBeFocused()
  await page.keyboard.type('dawid@example.org')
  await press('Tab')
  await page.keyboard.type('wiadomosci')
  await press('Enter')
  await page.waitForURL('**/wiadomosci')

  await tabTo('searchbox Szukaj')
  await page.keyboard.type('szczep')
  await expect(walker.inList('Wycieczka')).toHaveCount(0)
  await tabTo('link Ewa Szczepańska')
  await press('Enter')
  await expect(walker.input).toBeFocused()

  await press('Shift+F6', 'ArrowUp')
  expect(await heard(page)).toBe('article Ewa Szczepańska, GG:MM: Kiedy zebranie?')
  await tabTo('button Więcej')
  await press('Enter')
  await expect(page.getByRole('menuitemcheckbox', { name: '👍' })).toBeFocused()
  await press('ArrowDown')
  expect(await heard(page)).toBe('menuitem Odpowiedz')
  await press('Enter')
  await expect(walker.input).toBeFocused()
  await page.keyboard.type('We wtorek')
  await press('Enter')
  await walker.sees('We wtorek')

  await press('Shift+F6', 'End')
  expect(await heard(page)).toMatch(
    /^article Ty, GG:MM, odpowiedź do: Ewa Szczepańska, „Kiedy zebranie\?”: We wtorek ?, (wysyłanie|wysłano)$/,
  )
  await press('ArrowUp')
  await tabTo('button Więcej')
  await press('Enter')
  await expect(page.getByRole('menuitemcheckbox', { name: '👍' })).toBeFocused()
  await press('Enter')
  await expect(walker.button('👍 1: Dawid Żółkiewski')).toBeVisible()
  expect(await heard(page)).toBe('button Więcej')
  await press('Shift+Tab', 'ArrowDown', 'ArrowUp')
  expect(await heard(page)).toMatch(/: Kiedy zebranie\? ?, reakcje: 👍 Dawid Żółkiewski$/)
  await press('Escape')
  await expect(walker.input).toBeFocused()

  await tabTo('button Dołącz', 'Shift+Tab')
  const chosen = page.waitForEvent('filechooser')
  // The file chooser is intercepted only once the browser knows that it is awaited.
  await heard(page)
  await press('Enter')
  await expect.poll(() => heard(page)).toBe('menuitem Pliki')
  await press('Enter')
  const chooser = await chosen
  await chooser.setFiles([cat])
  await tabTo('textbox Napisz wiadomość')
  await press('Enter')
  await expect(walker.log.getByRole('link', { name: 'Obraz kot.png' })).toBeVisible()
  await press('Shift+F6', 'End')
  // It was being sent a moment ago.
  await expect.poll(() => heard(page)).toMatch(/^article Ty, GG:MM: zdjęcie kot.png, wysłano$/)

  await press('Escape', 'F6')
  expect(await heard(page)).toBe('link Ewa Szczepańska')
  await tabTo('button Twoje konto', 'Shift+Tab')
  await press('Enter')
  await tabTo('button Wyloguj się')
  await press('Enter')
  await expect(page).toHaveURL(/logowanie/)
  await page.context().close()
})

test('F6 moves through list, messages, composer and details, and back', async () => {
  await ewa.say(await ewa.talkTo(celina), 'Cześć')
  const walker = await arrive('ewa')
  await walker.choose('Celina Wójcik')
  await walker.button('Informacje o rozmowie').click()
  const { page } = walker
  await expect(page.getByRole('complementary')).toBeFocused()
  const goals = [
    'link Celina Wójcik',
    'log Wiadomości',
    'textbox Napisz wiadomość',
    'complementary O rozmowie',
  ]
  for (const goal of [...goals, goals[0]]) {
    await page.keyboard.press('F6')
    expect(await heard(page)).toBe(goal)
  }
  for (const goal of goals.toReversed()) {
    await page.keyboard.press('Shift+F6')
    expect(await heard(page)).toBe(goal)
  }
})

test('when the focused element goes away, the focus moves nearby', async () => {
  const id = await celina.talkTo(dawid)
  await celina.say(id, 'Pierwsza')
  await celina.say(id, 'Druga')
  const group = { name: 'Do opuszczenia', member_ids: [dawid.id] }
  await celina.post('/api/conversations', group)
  const walker = await arrive('celina')
  const { page } = walker
  const { keyboard } = page
  await walker.choose('Dawid Żółkiewski')

  await walker.pick('Druga', 'Usuń')
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  await expect(walker.message('Wiadomość usunięta')).toBeFocused()

  await walker.pick('Pierwsza', 'Przypnij')
  await walker.button('Pokaż 1 przypiętą wiadomość').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Odepnij' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect.poll(() => heard(page)).toBe('region Dawid Żółkiewski')

  await attach(walker, cat, { ...cat, name: 'pies.png' })
  await walker.button('Odłącz kot.png').click()
  await expect(walker.button('Odłącz pies.png')).toBeFocused()
  await walker.button('Odłącz pies.png').press('Enter')
  await expect(walker.button('Dołącz')).toBeFocused()

  let refuse = () => {}
  const typed = new Promise<void>((resolve) => {
    refuse = resolve
  })
  await page.route('**/messages', async (route) => {
    await typed
    await route.fulfill({ status: 400, json: { code: 'invalid' } })
  })
  await walker.write('Nie wyjdzie')
  await page.keyboard.insertText('Następna')
  refuse()
  await walker.button('Odrzuć').press('Enter')
  await expect(walker.message('Wiadomość usunięta')).toBeFocused()

  await walker.choose('Do opuszczenia')
  await walker.button('Informacje o rozmowie').click()
  await expect(page.getByRole('complementary', { name: 'O grupie' })).toBeFocused()
  await keyboard.press('Escape')
  await expect(walker.button('Informacje o rozmowie')).toBeFocused()
  await keyboard.press('Enter')
  await walker.button('Opuść grupę').press('Enter')
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  await named(walker, 'heading', 'Wybierz rozmowę')
  await expect.poll(() => heard(page)).toBe('region Wybierz rozmowę')
})

test('reordering the list keeps the focus on its conversation', async () => {
  await ewa.say(await ewa.talkTo(anna), 'starsza')
  await dawid.say(await dawid.talkTo(anna), 'nowsza')
  const reader = await arrive('anna')
  await reader.inList('Ewa Szczepańska').focus()
  await ewa.say(await ewa.talkTo(anna), 'najnowsza')
  const first = reader.page.getByRole('navigation', { name: 'Rozmowy' }).getByRole('link').first()
  await expect(first).toHaveAccessibleDescription(/najnowsza/)
  await expect(reader.inList('Ewa Szczepańska')).toBeFocused()
})

test('new messages are announced: one with its author, several within a second as a count', async () => {
  const id = await bartek.talkTo(ewa)
  const reader = await arrive('bartek')
  await reader.choose('Ewa Szczepańska')
  await reader.page.evaluate(() => {
    const announcer = document.getElementById('announcer')!
    const announced: string[] = []
    Object.assign(globalThis, { announced })
    new MutationObserver(() => announcer.textContent && announced.push(announcer.textContent)).observe(
      announcer,
      {
        childList: true,
      },
    )
  })
  const announced = () =>
    reader.page.evaluate(() => (globalThis as unknown as { announced: string[] }).announced)
  await ewa.say(id, 'jedna')
  await expect.poll(announced).toEqual(['Ewa Szczepańska: jedna'])
  await Promise.all(['druga', 'trzecia', 'czwarta'].map((text) => ewa.say(id, text)))
  await expect.poll(announced).toEqual(['Ewa Szczepańska: jedna', '3 nowe wiadomości'])
})

async function attach(visitor: Visitor, ...files: (typeof cat)[]): Promise<void> {
  const [chooser] = await Promise.all([visitor.page.waitForEvent('filechooser'), visitor.attachFiles()])
  await chooser.setFiles(files)
}
