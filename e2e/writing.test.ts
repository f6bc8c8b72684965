import type { APIResponse, Page, Route } from 'playwright'
import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid, ewa } = service

/** Makes the server answer messages and edits with this, until set otherwise. */
async function refuse(who: Visitor, status: number, code = 'invalid', when = Promise.resolve()) {
  const writes = /\/api\/(conversations\/\d+\/messages|messages\/\d+)$/
  await who.page.route(writes, async (route) => {
    if (route.request().method() === 'GET') return route.continue()
    await when
    return route.fulfill({ status, json: { code } })
  })
  return () => who.page.unroute(writes)
}

async function signInAgain(who: Visitor, name: 'anna' | 'bartek' | 'celina' | 'ewa', title: string) {
  await expect(who.page).toHaveURL(/logowanie/)
  await who.signInOnPage(name)
  await who.choose(title)
}

const note = (who: Visitor) => who.page.locator('#composer-note')
const editing = (who: Visitor) => who.page.getByText('Edycja wiadomości')
const shown = async (who: Visitor) => (await who.input.innerHTML()).replace(/ (data-of|class)="[^"]*"/g, '')

test('a text that is too long is not sent: it is counted near the limit, as a message and as an edit', async () => {
  await anna.say(await anna.talkTo(bartek), 'krótka')
  const writer = await arrive('anna')
  await writer.choose('Bartek Zieliński')
  await writer.input.click()
  await expect(note(writer)).toBeHidden()
  await writer.page.keyboard.insertText('🎉'.repeat(19_500))
  await expect(note(writer)).toHaveText(/^\s*19\s500 \/ 20\s000$/)
  await writer.page.keyboard.insertText('a'.repeat(512))
  await expect(note(writer)).toHaveText(/za długa.*20\s012 \/ 20\s000/)
  await writer.page.keyboard.press('Enter')
  await expect(writer.log.getByRole('article')).toHaveCount(1)
  await writer.page.keyboard.press('ControlOrMeta+a')
  await writer.page.keyboard.press('Backspace')
  await expect(note(writer)).toBeHidden()
  await writer.page.keyboard.press('ArrowUp')
  await writer.page.keyboard.insertText('b'.repeat(20_000))
  await writer.page.keyboard.press('Enter')
  await expect(editing(writer)).toBeVisible()
  await expect(note(writer)).toContainText('za długa')
  await expect(writer.message('krótka')).toBeVisible()
})

test('a refused message returns to the field, with its formats, the message it replies to and the reason', async () => {
  await bartek.say(await bartek.talkTo(celina), 'Kiedy?')
  const writer = await arrive('celina')
  await writer.choose('Bartek Zieliński')
  const allow = await refuse(writer, 413)
  await writer.pick('Kiedy?', 'Odpowiedz')
  await writer.page.keyboard.press('ControlOrMeta+b')
  await writer.write('jutro')
  await expect(note(writer)).toContainText('za długa')
  expect(await shown(writer)).toBe('<p><strong>jutro</strong></p>')
  await expect(writer.page.getByText('Odpowiedź do: Bartek Zieliński')).toBeVisible()
  await writer.page.reload()
  await expect(note(writer)).toContainText('za długa')
  await allow()
  await writer.page.unrouteAll()
  await writer.input.press('Enter')
  await expect(writer.message('jutro').locator('.quote')).toContainText('Kiedy?')
  await expect(note(writer)).toBeHidden()
})

test('when the field is in use, a refused message waits in the log, and the two can be swapped', async () => {
  await dawid.say(await dawid.talkTo(ewa), 'Hej')
  const writer = await arrive('ewa')
  await writer.choose('Dawid Żółkiewski')
  const typed = Promise.withResolvers<void>()
  const allow = await refuse(writer, 403, 'forbidden', typed.promise)
  await writer.write('pierwsza')
  await writer.page.keyboard.insertText('druga')
  typed.resolve()
  await expect(writer.message('pierwsza')).toContainText('Nie wysłano')
  await expect(writer.input).toHaveText('druga')
  await writer.message('pierwsza').getByRole('button', { name: 'Edytuj' }).click()
  await expect(writer.input).toHaveText('pierwsza')
  await expect(writer.message('druga')).toContainText('Nie wysłano')
  await writer.message('druga').getByRole('button', { name: 'Odrzuć' }).click()
  await expect(writer.message('druga')).toHaveCount(0)
  await writer.button('Cofnij').click()
  await writer.sees('druga')
  await allow()
  await writer.message('druga').getByRole('button', { name: 'Ponów' }).click()
  await expect(writer.message('druga')).not.toContainText('Nie wysłano')
  await expect(writer.input).toHaveText('pierwsza')
})

test('an unfinished edit survives a reload, another conversation and an accidental cancel', async () => {
  const id = await anna.talkTo(dawid)
  await anna.say(id, '<p>a <strong>b</strong></p><pre>  c</pre>')
  await anna.say(await anna.talkTo(ewa), 'inna')
  const writer = await arrive('anna')
  await writer.choose('Dawid Żółkiewski')
  await writer.input.click()
  await writer.page.keyboard.insertText('zaczęte')
  await writer.pick('a b', 'Edytuj')
  await writer.page.keyboard.insertText('d')
  await writer.page.reload()
  await expect(editing(writer)).toBeVisible()
  await expect(writer.input).toContainText('  cd')
  await writer.choose('Ewa Szczepańska')
  await expect(editing(writer)).toBeHidden()
  await writer.choose('Dawid Żółkiewski')
  await expect(editing(writer)).toBeVisible()
  await writer.input.press('Escape')
  await expect(writer.input).toHaveText('zaczęte')
  await writer.button('Cofnij').click()
  await expect(writer.input).toContainText('  cd')
  await writer.input.press('Enter')
  await expect(writer.message('a b')).toContainText('(edytowano)')
  await expect(writer.input).toHaveText('zaczęte')
  const content = async () =>
    (await anna.get(`/api/conversations/${id}/messages`)).body.messages.at(-1)!.content
  await expect.poll(content).toBe('<p>a <strong>b</strong></p><pre>  cd</pre>')
})

test('an edit without changes is not marked as edited', async () => {
  const id = await celina.talkTo(dawid)
  const content = '<p>a  b   c<br>d</p><ul><li>e<ol><li>f</li></ol></li></ul><pre>  g\n\n\th</pre>'
  const message = await celina.say(id, `${content}<p><span class="mention">@Dawid</span></p>`)
  const writer = await arrive('celina')
  await writer.choose('Dawid Żółkiewski')
  await writer.input.click()
  await writer.page.keyboard.press('ArrowUp')
  await writer.input.press('Enter')
  await expect(editing(writer)).toBeHidden()
  const { body } = await celina.get(`/api/conversations/${id}/messages`)
  expect(body.messages.at(-1)).toMatchObject({ id: message.id, content: message.content, edited_at: null })
})

test.each(['a message', 'a change'])(
  'when the session ends during %s, the text is back after signing in, only for its writer',
  async (kind) => {
    await anna.say(await anna.talkTo(celina), `było ${kind}`)
    const writer = await arrive('anna')
    await writer.choose('Celina Wójcik')
    if (kind === 'a change') await writer.pick('było a change', 'Edytuj')
    // The first request finds out that the session is over: here it must be the message.
    await writer.page.route(/\/typing$/, (route) => route.fulfill({ status: 204 }))
    await writer.input.click()
    await writer.page.keyboard.insertText(' niewysłana')
    await writer.page.context().clearCookies({ name: 'rozmowa' })
    await writer.page.keyboard.press('Enter')
    await expect(writer.page).toHaveURL(/logowanie/)
    await writer.signInOnPage('celina')
    await writer.choose('Anna Kowalska')
    await expect(writer.input).toHaveText('')
    // A request of the open page could find out as well, and would end the loading.
    const conversation = writer.page.url()
    await writer.page.goto('about:blank')
    await writer.page.context().clearCookies({ name: 'rozmowa' })
    await writer.page.goto(conversation)
    await signInAgain(writer, 'anna', 'Celina Wójcik')
    await expect(writer.input).toContainText('niewysłana')
    await expect(note(writer)).toContainText('Sesja wygasła')
    if (kind === 'a change') await expect(editing(writer)).toBeVisible()
    await writer.input.press('Enter')
    await expect(writer.log.getByText('niewysłana').last()).toBeVisible()
    await expect(note(writer)).toBeHidden()
  },
)

test('an edit that is too late can be sent as a new message', async () => {
  await bartek.say(await bartek.talkTo(ewa), 'stara')
  const writer = await arrive('bartek')
  await writer.choose('Ewa Szczepańska')
  const allow = await refuse(writer, 403, 'edit_window_expired')
  await writer.pick('stara', 'Edytuj')
  await writer.write(' i nowsza')
  await expect(writer.input).toHaveText('stara i nowsza')
  await expect(note(writer)).toContainText('nie można już zmienić')
  await expect(editing(writer)).toBeHidden()
  await expect(writer.log.getByRole('article')).toHaveCount(1)
  await expect(writer.message('stara')).not.toContainText('nowsza')
  await allow()
  await writer.input.press('Enter')
  await expect(writer.log.getByRole('article')).toHaveCount(2)
})

test('an Enter that ends a composition does nothing, in any field', async () => {
  const id = (await anna.post('/api/conversations', { name: 'Zarząd', member_ids: [ewa.id, dawid.id] })).body
    .conversation.id
  await anna.say(id, 'do przekazania')
  const writer = await arrive('anna')
  const { page } = writer
  await writer.choose('Zarząd')
  const composed = (more: object) =>
    page.evaluate((more) => {
      const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...more })
      document.activeElement!.dispatchEvent(event)
      return event.defaultPrevented
    }, more)
  const ignored = async (text: string) => {
    await page.keyboard.insertText(text)
    for (const more of [{ keyCode: 229 }, { isComposing: true }, { keyCode: 229, isComposing: true }])
      expect(await composed(more), text).toBe(false)
  }
  await writer.input.click()
  await ignored('wiadomość')
  await writer.button('Formatowanie').click()
  await writer.button('Odnośnik').click()
  await ignored('example.org')
  await expect(page.getByLabel('Adres odnośnika')).toHaveValue('example.org')
  await page.keyboard.press('Escape')
  await writer.button('Emoji').click()
  await expect(page.getByLabel('Szukaj emoji')).toBeFocused()
  await ignored('kot')
  await expect(page.getByRole('dialog', { name: 'Emoji' })).toBeVisible()
  await page.keyboard.press('Escape')
  await writer.button('Nowa rozmowa').click()
  await ignored('Bartek')
  await expect(writer.dialog.getByRole('list', { name: 'Wybrane osoby' }).getByRole('listitem')).toHaveCount(
    0,
  )
  await writer.dialog.getByRole('button', { name: 'Anuluj' }).click()
  await writer.pick('do przekazania', 'Przekaż')
  await ignored('Zarząd')
  await expect(writer.dialog.getByText('Wybierz do 10 rozmów.')).toBeVisible()
  await writer.dialog.getByRole('button', { name: 'Anuluj' }).click()
  await writer.button('Informacje o rozmowie').click()
  await writer.button('Dodaj osoby').click()
  await ignored('Celina')
  await expect(writer.dialog.getByText('Celina Wójcik')).toHaveCount(1)
  await writer.dialog.getByRole('button', { name: 'Anuluj' }).click()
  await expect(writer.log.getByRole('article')).toHaveCount(1)
  await expect(writer.input).toHaveText('wiadomość')
})

/** Answers for the parts of the script; the page may be gone by then. */
function answerParts(
  page: Page,
  answer: (route: Route, response: APIResponse, isEditor: boolean) => Promise<void>,
): Promise<unknown> {
  return page.route(/part-/, async (route) => {
    try {
      const response = await route.fetch()
      await answer(route, response, (await response.text()).includes('ql-editor'))
    } catch {}
  })
}

test('the plain field leaves that Enter to the input method as well', async () => {
  await anna.say(await anna.talkTo(bartek), 'zanim wczyta się edytor')
  const writer = await arrive('bartek')
  await answerParts(writer.page, async (route, response, isEditor) =>
    isEditor ? route.abort() : route.fulfill({ response }),
  )
  await writer.choose('Anna Kowalska')
  await writer.page.reload()
  await writer.input.fill('a')
  const composed = { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }
  await writer.input.dispatchEvent('keydown', composed)
  await expect(writer.input).toHaveValue('a')
  await writer.input.press('Enter')
  await expect(writer.input).toHaveValue('')
  writer.errors.splice(0) // the editor was kept away
})

test('a text begun before the editor has loaded continues in it, line for line', async () => {
  await anna.say(await anna.talkTo(ewa), 'szybko')
  const writer = await arrive('ewa')
  const loaded = Promise.withResolvers<void>()
  await answerParts(writer.page, async (route, response, isEditor) => {
    if (isEditor) await loaded.promise
    await route.fulfill({ response })
  })
  await writer.page.reload()
  await writer.isLive()
  await writer.choose('Anna Kowalska')
  await writer.input.fill('  raz\ntrzy\n')
  await writer.input.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(5, 5))
  loaded.resolve()
  await expect(writer.input).toHaveClass(/ql-editor/)
  await writer.page.keyboard.press('Shift+Enter')
  await writer.page.keyboard.insertText('dwa')
  await expect(writer.input.locator('p')).toHaveText(['  raz', 'dwa', 'trzy', ''])
})

test('a link’s address is set, changed and removed, and a wrong one is refused in place', async () => {
  const id = await celina.talkTo(ewa)
  await celina.say(id, 'Gdzie?')
  const writer = await arrive('celina')
  await writer.choose('Ewa Szczepańska')
  await writer.input.click()
  await writer.page.keyboard.insertText('napisz')
  await writer.page.keyboard.press('Shift+Home')
  await writer.button('Odnośnik').click()
  const address = writer.page.getByLabel('Adres odnośnika')
  await address.fill('javascript:alert(1)')
  await address.press('Enter')
  await expect(address).toHaveAttribute('aria-invalid', 'true')
  await expect(address).toHaveAccessibleDescription(/nie wygląda/)
  await address.fill('jan@example.org')
  await address.press('Enter')
  await expect(writer.input.locator('a')).toHaveAttribute('href', 'mailto:jan@example.org')
  await writer.page.keyboard.insertText(' dziś')
  await writer.page.keyboard.press('Home')
  await writer.page.keyboard.press('ArrowRight')
  await writer.button('Formatowanie').click()
  await writer.button('Odnośnik').click()
  await expect(address).toHaveValue('jan@example.org')
  await address.fill('+48 600 100 200')
  await writer.button('Zapisz').click()
  await expect(writer.input.locator('a')).toHaveAttribute('href', 'tel:+48600100200')
  await expect(writer.input.locator('a')).toHaveText('napisz')
  await writer.page.keyboard.press('Home')
  await writer.page.keyboard.press('ArrowRight')
  await writer.button('Odnośnik').click()
  await writer.button('Usuń odnośnik').click()
  await expect(writer.input.locator('a')).toHaveCount(0)
  await expect(writer.input).toHaveText('napisz dziś')
})

test('on a touch screen Enter breaks the line, the button sends, and the formats are available', async () => {
  const id = await dawid.talkTo(bartek)
  await dawid.say(id, 'Co kupić?')
  const writer = await arrive('bartek', { ...phone, viewport: { width: 320, height: 640 } })
  await writer.inList('Dawid Żółkiewski').click()
  await expect(writer.input).toHaveAttribute('enterkeyhint', 'enter')
  await writer.input.tap()
  await writer.page.keyboard.insertText('chleb')
  await writer.page.keyboard.press('Enter')
  await writer.button('Formatowanie').tap()
  const bold = writer.button('Pogrubienie')
  const { width, height } = (await bold.boundingBox())!
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
  await writer.button('Kod').scrollIntoViewIfNeeded()
  await bold.tap()
  await writer.page.keyboard.insertText('masło')
  await expect(writer.log.getByRole('article')).toHaveCount(1)
  await writer.button('Wyślij').tap()
  await expect(writer.log.getByRole('article')).toHaveCount(2)
  const content = async () =>
    (await dawid.get(`/api/conversations/${id}/messages`)).body.messages.at(-1)!.content
  await expect.poll(content).toBe('<p>chleb</p><p><strong>masło</strong></p>')
})
