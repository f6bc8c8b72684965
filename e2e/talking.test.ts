import { expect } from 'playwright/test'
import { afterEach, test } from 'vitest'
import { flood } from '../server/testing/flood.ts'
import { startService } from '../server/testing/service.ts'
import { phone, type Visitor, visitor } from './people.ts'

const service = await startService()
const visitors: Visitor[] = []

async function arrive(
  ...[name, options]: [Parameters<Visitor['signIn']>[0], Parameters<typeof visitor>[1]?]
) {
  const arrived = await (await visitor(service.address, options)).signIn(name)
  visitors.push(arrived)
  return arrived
}

afterEach(async () => {
  for (const visitor of visitors.splice(0)) {
    await visitor.page.context().close()
    expect(visitor.errors).toEqual([])
  }
})

test('Anna and Bartek hold a conversation', async () => {
  await service.anna.say(await service.anna.talkTo(service.bartek), 'Dzień dobry')
  const anna = await arrive('anna')
  const bartek = await arrive('bartek')
  await anna.choose('Bartek Zieliński')
  await bartek.choose('Anna Kowalska')
  await anna.write('Cześć Bartku 👋')
  await bartek.sees('Cześć Bartku 👋')
  await bartek.write('Cześć Anno')
  await anna.sees('Cześć Anno')
  await expect(anna.log.getByRole('article')).toHaveText([/Dzień dobry/, /Cześć Bartku 👋/, /Cześć Anno/])
  await anna.page.reload()
  await anna.sees('Cześć Anno')
  await expect(anna.log.getByRole('article')).toHaveCount(3)
})

test('the page is readable before any script runs', async () => {
  const id = await service.anna.talkTo(service.celina)
  await service.celina.say(id, '<p>Treść z <strong>serwera</strong></p>')
  const anna = await arrive('anna', { javaScriptEnabled: false })
  await anna.open(`/wiadomosci/${id}`)
  await anna.sees('Treść z serwera')
  await expect(anna.inList('Celina Wójcik')).toBeVisible()
  await expect(anna.log.locator('strong')).toHaveText('serwera')
})

test('a message in another conversation moves it up, with a badge until it is read', async () => {
  const [dawid, ewa] = [service.dawid, service.ewa]
  const one = await dawid.talkTo(ewa)
  const other = await dawid.talkTo(service.celina)
  await dawid.say(one, 'stara')
  await dawid.say(other, 'nowsza')
  const reader = await arrive('dawid')
  await reader.choose('Celina Wójcik')
  await ewa.say(one, 'pierwsza nowa')
  await ewa.say(one, 'druga nowa')
  const links = reader.page.getByRole('navigation', { name: 'Rozmowy' }).getByRole('link')
  await expect(links.first()).toContainText('Ewa Szczepańska')
  await expect(links.first()).toContainText('druga nowa')
  await expect(links.first()).toContainText('2')
  await expect(reader.page).toHaveTitle(/^\(2\) /)
  await reader.choose('Ewa Szczepańska')
  await reader.sees('druga nowa')
  await expect
    .poll(async () => (await dawid.get(`/api/conversations/${one}`)).body.conversation.unread_count)
    .toBe(0)
  await expect(reader.page).not.toHaveTitle(/2/)
})

test('Enter sends, and only Shift+Enter breaks the line', async () => {
  const bartek = await arrive('bartek')
  const id = await service.celina.talkTo(service.bartek)
  await service.celina.say(id, 'Halo?')
  await bartek.choose('Celina Wójcik')
  await bartek.input.click()
  await bartek.page.keyboard.type('pierwsza')
  await bartek.page.keyboard.press('Shift+Enter')
  await bartek.page.keyboard.type('druga')
  await expect(bartek.log.getByRole('article')).toHaveCount(1)
  await bartek.page.keyboard.press('Enter')
  await expect(bartek.log.getByRole('article')).toHaveCount(2)
  await expect(bartek.input).toHaveText('')
  const text = async () =>
    (await service.celina.get(`/api/conversations/${id}/messages`)).body.messages.at(-1)!.content_text
  await expect.poll(text).toMatch(/^pierwsza\n+druga$/)
})

test('scrolling up loads older messages without moving what is being read', async () => {
  const { body } = await service.anna.post('/api/conversations', {
    name: 'Długa historia',
    member_ids: [service.ewa.id],
  })
  for (let i = 1; i <= 130; i++) await service.anna.say(body.conversation.id, `wiadomość nr ${i}.`)
  await service.ewa.post(`/api/conversations/${body.conversation.id}/read`)
  const ewa = await arrive('ewa')
  await ewa.choose('Długa historia')
  await ewa.sees('wiadomość nr 130.')
  const seen = ewa.message('wiadomość nr 82.')
  await seen.scrollIntoViewIfNeeded()
  const before = await seen.boundingBox()
  await expect(ewa.message('wiadomość nr 40.')).toBeAttached()
  expect(Math.abs((await seen.boundingBox())!.y - before!.y)).toBeLessThan(3)
  for (let round = 0; round < 20 && (await ewa.message('wiadomość nr 1.').count()) === 0; round++) {
    await ewa.log.hover()
    await ewa.page.mouse.wheel(0, -5000)
    await ewa.page.waitForTimeout(100)
  }
  await expect(ewa.message('wiadomość nr 1.')).toBeAttached()
})

/** Scrolls a long way inside the page. @returns the largest offset of the message in view from its expected place, in pixels */
const scroll = (reader: Visitor, by: number, until: string): Promise<number> =>
  reader.log.evaluate(
    async (log, { by, until }) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
      const middle = () => {
        const { top, height } = log.getBoundingClientRect()
        return [...log.querySelectorAll('article')].find(
          (article) => article.getBoundingClientRect().bottom > top + height / 2,
        )!
      }
      let worst = 0
      for (let round = 0; round < 2000 && !log.textContent.includes(until); round++) {
        const article = middle()
        const before = article.getBoundingClientRect().top
        const room = by < 0 ? log.scrollTop : log.scrollHeight - log.clientHeight - log.scrollTop
        const step = Math.sign(by) * Math.min(Math.abs(by), room)
        log.scrollTop += step
        for (let i = 0; i < 2; i++) {
          await frame()
          worst = Math.max(worst, Math.abs(article.getBoundingClientRect().top - before + step))
        }
      }
      return worst
    },
    { by, until },
  )

test('scrolling through thousands of messages neither jumps nor uses up memory', async () => {
  const { anna, bartek } = service
  const { body } = await anna.post('/api/conversations', { name: 'Kronika', member_ids: [bartek.id] })
  const { id } = body.conversation
  const count = Number(process.env.LONG_HISTORY ?? 500)
  await flood(id, anna.id, count)
  await bartek.post(`/api/conversations/${id}/read`)
  const reader = await arrive('bartek')
  await reader.open(`/wiadomosci/${id}`)
  await reader.sees(`nr ${count}.`)
  const session = await reader.page.context().newCDPSession(reader.page)
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize
  }
  const thereAndBack = async (end: string) => {
    const up = await scroll(reader, -2000, 'nr 1.')
    const down = await scroll(reader, 2000, `nr ${count}.`)
    await reader.button('Przejdź do najnowszych').click()
    await anna.say(id, end)
    await reader.sees(end)
    return Math.max(up, down)
  }
  expect(await thereAndBack('raz')).toBeLessThanOrEqual(1)
  const before = await heap()
  expect(await thereAndBack('i jeszcze raz')).toBeLessThanOrEqual(1)
  const after = await heap()
  process.stdout.write(`\nheap: ${(before / 1e6).toFixed(2)} MB, then ${(after / 1e6).toFixed(2)} MB\n`)
  expect(after).toBeLessThan(before * 1.1)
})

test('a message written offline is shown at once, and sent when the network is back', async () => {
  const id = await service.celina.talkTo(service.dawid)
  await service.celina.say(id, 'Jesteś?')
  const dawid = await arrive('dawid')
  const celina = await arrive('celina')
  await dawid.choose('Celina Wójcik')
  await celina.choose('Dawid Żółkiewski')
  await dawid.page.context().setOffline(true)
  await dawid.write('Już jestem')
  await dawid.sees('Już jestem')
  await dawid.page.context().setOffline(false)
  await celina.sees('Już jestem')
  await expect(dawid.message('Już jestem')).toHaveCount(1)
  dawid.errors.splice(0) // the browser itself reports every failed request
})

test('an unsent draft is there on return', async () => {
  await service.bartek.say(await service.bartek.talkTo(service.ewa), 'Napiszesz?')
  const ewa = await arrive('ewa')
  await ewa.choose('Bartek Zieliński')
  await ewa.input.click()
  await ewa.page.keyboard.type('niedokończona myśl')
  await expect(ewa.input).toHaveText('niedokończona myśl')
  await ewa.page.reload()
  await expect(ewa.input).toHaveText('niedokończona myśl')
})

test('a new person to talk to is found by part of their name', async () => {
  const anna = await arrive('anna')
  await anna.page.getByRole('button', { name: 'Nowa rozmowa' }).click()
  const dialog = anna.page.getByRole('dialog', { name: 'Nowa rozmowa' })
  await dialog.getByLabel('Do kogo').fill('zolk')
  await dialog.getByText('Dawid Żółkiewski').first().click()
  await dialog.getByRole('button', { name: 'Napisz' }).click()
  await expect(anna.page.getByRole('heading', { name: 'Dawid Żółkiewski' })).toBeVisible()
  await anna.write('Miło poznać')
  await anna.sees('Miło poznać')
})

test('a double click opens one dialog', async () => {
  const anna = await arrive('anna')
  await anna.page.getByRole('button', { name: 'Nowa rozmowa' }).dblclick()
  await expect(anna.page.getByRole('dialog', { name: 'Nowa rozmowa' })).toBeVisible()
  await anna.page.keyboard.press('Escape')
  await expect(anna.page.getByRole('dialog')).toHaveCount(0)
})

test('choosing several people creates a group', async () => {
  const anna = await arrive('anna')
  const ewa = await arrive('ewa')
  await anna.page.getByRole('button', { name: 'Nowa rozmowa' }).click()
  const dialog = anna.page.getByRole('dialog', { name: 'Nowa rozmowa' })
  for (const name of ['Ewa Szczepańska', 'Celina Wójcik']) {
    await dialog.getByLabel('Do kogo').fill(name.slice(0, 4))
    await dialog.getByRole('list', { name: 'Znalezione osoby' }).getByText(name).click()
  }
  await dialog.getByLabel('Nazwa grupy').fill('Wycieczka')
  await dialog.getByRole('button', { name: 'Utwórz grupę' }).click()
  await expect(anna.page.getByRole('heading', { name: 'Wycieczka' })).toBeVisible()
  await expect(ewa.inList('Wycieczka')).toBeVisible()
  await anna.write('Jedziemy?')
  await ewa.choose('Wycieczka')
  await ewa.sees('Jedziemy?')
})

test('on a phone there is either the list or a conversation, and the browser’s Back returns', async () => {
  await service.celina.say(await service.celina.talkTo(service.anna), 'Na telefonie')
  const anna = await arrive('anna', phone)
  await expect(anna.inList('Celina Wójcik')).toBeVisible()
  await expect(anna.log).toBeHidden()
  await anna.choose('Celina Wójcik')
  await anna.sees('Na telefonie')
  await expect(anna.inList('Celina Wójcik')).toBeHidden()
  await anna.page
    .getByRole('link', { name: 'Wróć' })
    .or(anna.page.getByRole('button', { name: 'Wróć' }))
    .click()
  await expect(anna.inList('Celina Wójcik')).toBeVisible()
  await anna.choose('Celina Wójcik')
  await anna.page.goBack()
  await expect(anna.inList('Celina Wójcik')).toBeVisible()
})

test('hostile names and messages are shown as text', async () => {
  const attack = '<img src=x onerror="document.title=1">"\'><script>document.title=1</script>'
  await service.bartek.patch('/api/users/me/settings', { display_name: attack })
  const { body } = await service.bartek.post('/api/conversations', {
    name: attack,
    member_ids: [service.celina.id],
  })
  await service.bartek.say(body.conversation.id, `<p>ok</p>${attack}`)
  const celina = await arrive('celina')
  await celina.open(`/wiadomosci/${body.conversation.id}`)
  await celina.sees('ok')
  await expect(celina.page.getByRole('heading', { name: attack })).toBeVisible()
  await service.bartek.say(body.conversation.id, attack)
  await expect(celina.log.getByRole('article')).toHaveCount(2)
  await expect(celina.page).toHaveTitle(/<img src=x onerror/)
  await service.bartek.patch('/api/users/me/settings', { display_name: 'Bartek Zieliński' })
})

test('signing out ends the session, and a wrong password gets a friendly message', async () => {
  const anna = await arrive('anna')
  await anna.page
    .getByRole('button', { name: 'Twoje konto' })
    .or(anna.page.getByText('AK', { exact: true }))
    .first()
    .click()
  await anna.page.getByRole('button', { name: 'Wyloguj się' }).click()
  await expect(anna.page).toHaveURL(/logowanie/)
  await anna.open('/wiadomosci')
  await expect(anna.page).toHaveURL(/logowanie\?next=/)
  await anna.signInOnPage('anna', 'nie to haslo')
  await expect(anna.page.getByRole('alert')).toContainText('nie zgadza')
})
