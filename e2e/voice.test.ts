import { expect } from 'playwright/test'
import { test } from 'vitest'
import { upload } from '../server/testing/files.ts'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors } from './people.ts'
import { shot } from './shot.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina } = service
await anna.say(await anna.talkTo(bartek), 'Cześć')

type Visitor = Awaited<ReturnType<typeof arrive>>
const bar = ({ page }: Visitor) => page.getByRole('group', { name: 'Nagrywanie' })
const time = (visitor: Visitor) => bar(visitor).getByRole('timer')
const slider = ({ log }: Visitor) => log.getByRole('slider', { name: 'Miejsce w nagraniu' })

/** Records for a little more than a second, and sends it. */
async function say(visitor: Visitor): Promise<void> {
  await visitor.button('Nagraj wiadomość głosową').click()
  await expect(time(visitor)).toHaveText('0:01')
  await bar(visitor).getByRole('button', { name: 'Wyślij' }).click()
}

/** How many voice messages there are in the conversation of the two. */
async function sent(): Promise<number> {
  const id = await anna.talkTo(bartek)
  const { messages } = (await anna.get(`/api/conversations/${id}/messages`)).body
  return messages.filter(({ attachments: [file] }) => file?.waveform).length
}

test('a voice message is recorded by keyboard, sent, seen in the list, and listened to', async () => {
  const [speaker, listener] = [await arrive('anna'), await arrive('bartek')]
  await speaker.choose('Bartek Zieliński')
  await listener.choose('Anna Kowalska')
  const { keyboard } = speaker.page
  await speaker.button('Nagraj wiadomość głosową').focus()
  await keyboard.press('Enter')
  await expect(bar(speaker).getByRole('button', { name: 'Wyślij' })).toBeFocused()
  await expect(time(speaker)).toHaveText('0:01')
  expect(await faults(speaker.page)).toEqual([])
  await shot(speaker.page, 'recording')
  await keyboard.press('Escape')
  await expect(bar(speaker)).toHaveCount(0)
  await expect(speaker.button('Nagraj wiadomość głosową')).toBeFocused()
  await keyboard.press('Enter')
  await expect(time(speaker)).toHaveText('0:02')
  await keyboard.press('Enter')
  await expect(bar(speaker)).toHaveCount(0)
  await expect(slider(speaker)).toHaveCount(1)
  await expect(slider(listener)).toHaveAttribute('aria-valuetext', /^0:00 \/ 0:0[23]$/)
  await expect(listener.inList('Anna Kowalska')).toContainText(/Wiadomość głosowa \(0:0[23]\)/)
  expect(await faults(listener.page)).toEqual([])
  await shot(listener.page, 'heard')

  await listener.log.getByRole('article').last().focus()
  await listener.page.keyboard.press('Tab')
  await expect(listener.log.getByRole('button', { name: 'Odtwórz' })).toBeFocused()
  await listener.page.keyboard.press('Tab')
  await expect(slider(listener)).toBeFocused()
  await listener.page.keyboard.press('End')
  await expect(slider(listener)).toHaveAttribute('aria-valuenow', /[23]/)
  await expect(slider(listener)).toBeFocused()
  await listener.page.keyboard.press('Home')
  await expect(slider(listener)).toHaveAttribute('aria-valuenow', '0')
  await listener.log.getByRole('button', { name: 'Szybkość 1×' }).click()
  await expect(listener.log.getByRole('button', { name: 'Szybkość 1,5×' })).toBeVisible()
  await listener.log.getByRole('button', { name: 'Odtwórz' }).click()
  await expect(slider(listener)).toHaveAttribute('aria-valuenow', '1')
  // What changes around it does not stop it.
  const id = await anna.talkTo(bartek)
  const [message] = (await anna.get(`/api/conversations/${id}/messages`)).body.messages.slice(-1)
  await anna.post(`/api/messages/${message!.id}/reactions`, { emoji: '👍' })
  await expect(listener.log.getByRole('button', { name: '👍' })).toBeVisible()
  await expect(listener.log.getByRole('button', { name: 'Wstrzymaj' })).toBeVisible()
  await expect(listener.log.getByRole('button', { name: 'Odtwórz' })).toBeVisible()
  await expect(slider(listener)).toHaveAttribute('aria-valuenow', '0')
})

test('of several voice messages one plays at a time', async () => {
  const speaker = await arrive('anna')
  await speaker.choose('Bartek Zieliński')
  const before = await sent()
  await say(speaker)
  await expect(slider(speaker)).toHaveCount(before + 1)
  await say(speaker)
  await expect(slider(speaker)).toHaveCount(before + 2)
  for (const which of [-1, -2]) {
    await speaker.log.getByRole('article').nth(which).getByRole('button', { name: 'Odtwórz' }).click()
    await expect(speaker.log.getByRole('button', { name: 'Wstrzymaj' })).toHaveCount(1)
  }
})

test.each([320, 390])(
  'at %i px a voice message is chosen where files are, by touch, and fits',
  async (width) => {
    const speaker = await arrive('anna', { ...phone, viewport: { width, height: 700 } })
    await speaker.choose('Bartek Zieliński')
    const before = await sent()
    await speaker.button('Dołącz').tap()
    await speaker.page.getByRole('menuitem', { name: 'Wiadomość głosowa' }).tap()
    await expect(time(speaker)).toHaveText('0:01')
    await shot(speaker.page, `recording-${width}`)
    for (const name of ['Anuluj', 'Wyślij']) {
      const box = await bar(speaker).getByRole('button', { name }).boundingBox()
      expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(44)
    }
    await bar(speaker).getByRole('button', { name: 'Wyślij' }).tap()
    await expect(slider(speaker)).toHaveCount(before + 1)
    expect(await speaker.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    expect(await faults(speaker.page)).toEqual([])
    await shot(speaker.page, `sent-${width}`)
    await speaker.page.emulateMedia({ colorScheme: 'dark' })
    await shot(speaker.page, `sent-${width}-dark`)
  },
)

test('what was recorded without a network is sent when it is back', async () => {
  const speaker = await arrive('anna')
  await speaker.choose('Bartek Zieliński')
  const before = await sent()
  // So that what records is there.
  await speaker.button('Dołącz').click()
  await expect(speaker.page.getByRole('menu')).toBeVisible()
  await speaker.page.keyboard.press('Escape')
  await expect(speaker.page.getByRole('menu')).toHaveCount(0)
  await speaker.page.context().setOffline(true)
  await say(speaker)
  await expect(speaker.page.getByText('Brak połączenia', { exact: true })).toBeVisible()
  await speaker.page.context().setOffline(false)
  await expect(slider(speaker)).toHaveCount(before + 1)
  speaker.errors.splice(0) // the browser itself reports every failed request
})

test('who may not use a microphone, or has none, is told what to do', async () => {
  const speaker = await arrive('anna')
  await speaker.choose('Bartek Zieliński')
  await speaker.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))
  })
  await speaker.button('Nagraj wiadomość głosową').click()
  await expect(speaker.page.getByText('Przeglądarka nie pozwala użyć mikrofonu')).toBeVisible()
  await speaker.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'))
  })
  await speaker.button('Nagraj wiadomość głosową').click()
  await expect(speaker.page.getByText('Sprawdź, czy mikrofon jest podłączony')).toBeVisible()
})

test('what was being recorded when the conversation was left waits there, and nothing listens any more', async () => {
  await anna.say(await anna.talkTo(celina), 'Cześć')
  const speaker = await arrive('anna')
  await speaker.choose('Bartek Zieliński')
  const before = await sent()
  await speaker.page.evaluate(() => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
    const streams: MediaStream[] = []
    Object.assign(globalThis, { streams })
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      streams.push(await real(wanted))
      return streams.at(-1)!
    }
  })
  await speaker.button('Nagraj wiadomość głosową').click()
  await expect(time(speaker)).toHaveText('0:01')
  await speaker.choose('Celina Wójcik')
  await expect(bar(speaker)).toHaveCount(0)
  const listening = () =>
    speaker.page.evaluate(
      () =>
        (globalThis as unknown as { streams: MediaStream[] }).streams.filter((stream) => stream.active)
          .length,
    )
  await expect.poll(listening).toBe(0)
  await speaker.choose('Bartek Zieliński')
  const chosen = speaker.page.getByRole('list', { name: 'Dołączone pliki' })
  await expect(chosen.getByRole('listitem')).toHaveCount(1)
  await speaker.button('Wyślij').click()
  await expect(slider(speaker)).toHaveCount(before + 1)
})

test('after five minutes it stops by itself, and waits', async () => {
  const speaker = await arrive('anna')
  await speaker.choose('Bartek Zieliński')
  const before = await sent()
  await speaker.page.evaluate(() => {
    const real = performance.now.bind(performance)
    Object.assign(globalThis, { hurry: 0 })
    performance.now = () => real() + (globalThis as unknown as { hurry: number }).hurry
  })
  await speaker.button('Nagraj wiadomość głosową').click()
  await expect(time(speaker)).toHaveText('0:01')
  await speaker.page.evaluate(() => Object.assign(globalThis, { hurry: 5 * 60_000 }))
  await expect(bar(speaker)).toContainText('Nagranie nie może być dłuższe.')
  await expect(time(speaker)).toHaveText('5:00')
  expect(await faults(speaker.page)).toEqual([])
  await shot(speaker.page, 'ended')
  await bar(speaker).getByRole('button', { name: 'Wyślij' }).click()
  await expect(slider(speaker)).toHaveCount(before + 1)
  await expect(slider(speaker).last()).toHaveAttribute('aria-valuemax', '300')
})

/** A second of silence. */
function wav(): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + 8000, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8000, 24)
  head.writeUInt32LE(8000, 28)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36)
  head.writeUInt32LE(8000, 40)
  return Buffer.concat([head, Buffer.alloc(8000, 128)])
}

test('any other sound has the browser’s player beside the file, and without scripts so has a voice message', async () => {
  const id = await anna.talkTo(celina)
  const voice = await upload(
    anna,
    wav(),
    'Wiadomość głosowa.wav',
    'file',
    '?duration_ms=61000&waveform=10,90,40',
  )
  const song = await upload(anna, wav(), 'piosenka.wav')
  await anna.say(id, '', { attachment_ids: [voice.body.attachment.id] })
  await anna.say(id, '', { attachment_ids: [song.body.attachment.id] })
  const plain = await arrive('celina', { javaScriptEnabled: false })
  await plain.open(`/wiadomosci/${id}`)
  await expect(plain.log.locator('audio[controls]')).toHaveCount(2)
  for (const name of ['Wiadomość głosowa (1:01)', 'piosenka.wav'])
    await expect(plain.log.locator(`audio[aria-label="${name}"]`)).toBeVisible()

  const reader = await arrive('celina', { viewport: { width: 320, height: 700 } })
  await reader.open(`/wiadomosci/${id}`)
  await expect(reader.log.getByRole('link', { name: /piosenka\.wav/ })).toBeVisible()
  await expect(reader.log.locator('audio[controls]')).toHaveCount(1)
  await expect(slider(reader)).toHaveAttribute('aria-valuetext', '0:00 / 1:01')
  expect(await faults(reader.page)).toEqual([])
  await shot(reader.page, 'sounds-320')
  await reader.page.evaluate(() => {
    document.documentElement.dir = 'rtl'
  })
  await shot(reader.page, 'sounds-320-rtl')
  expect(await reader.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  // A recording goes on from left to right all the same.
  const box = (await slider(reader).boundingBox())!
  await reader.page.mouse.click(box.x + box.width * 0.75, box.y + box.height / 2)
  await expect(slider(reader)).toHaveAttribute('aria-valuenow', /^4[4-7]$/)
  await reader.page.emulateMedia({ forcedColors: 'active' })
  await shot(reader.page, 'sounds-320-forced')
})
