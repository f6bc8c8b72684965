import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { phone, signedInVisitors } from './people.ts'

const service = await startService()
const arrive = signedInVisitors(service.address)
const { anna, bartek } = service
const id = await anna.talkTo(bartek)
for (let i = 0; i < 30; i++) await anna.say(id, `wiadomość nr ${i}.`)
await bartek.say(id, 'moja własna')
await bartek.say(
  id,
  '<pre>kod, który jest szerszy niż ekran, i dlatego przewija się w bok sam z siebie</pre>',
)

type Visitor = Awaited<ReturnType<typeof arrive>>

/** A finger that goes from a message as far as is asked, and is lifted unless it stays. */
async function finger(visitor: Visitor) {
  const session = await visitor.page.context().newCDPSession(visitor.page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints })
  return {
    async drag(text: string, across: number, along = 0, from?: number) {
      const box = (await visitor.message(text).locator('.bubble').boundingBox())!
      const [x, y] = [from ?? box.x + 20, box.y + box.height / 2]
      await touch('touchStart', [{ x, y }])
      for (let step = 1; step <= 8; step++)
        await touch('touchMove', [{ x: x + (across * step) / 8, y: y + (along * step) / 8 }])
    },
    lift: () => touch('touchEnd', []),
  }
}

async function onPhone(more = {}): Promise<Visitor> {
  const reader = await arrive('bartek', { ...phone, ...more })
  await reader.page.evaluate(() => {
    Object.assign(navigator, { vibrate: (ms: number) => document.body.setAttribute('data-felt', `${ms}`) })
  })
  const loaded = reader.page.waitForResponse((answer) => /part-.*\.js/.test(answer.url())).catch(() => {})
  await reader.choose('Anna Kowalska')
  await reader.sees('moja własna')
  await loaded
  await reader.page.waitForLoadState('networkidle')
  return reader
}
const shiftOf = (reader: Visitor, text: string) =>
  reader
    .message(text)
    .locator('.message__column')
    .evaluate((column) => Number.parseFloat(getComputedStyle(column).translate) || 0)

test('a swipe to the right follows the finger, is resisted, and answers', async () => {
  const reader = await onPhone()
  const { drag, lift } = await finger(reader)
  await drag('wiadomość nr 29.', 50)
  await expect.poll(() => shiftOf(reader, 'wiadomość nr 29.')).toBe(50)
  await expect(reader.page.locator('.swipe-mark')).toBeVisible()
  await lift()
  await expect(reader.page.locator('.swipe-mark')).toHaveCount(0)
  await expect.poll(() => shiftOf(reader, 'wiadomość nr 29.')).toBe(0)
  await expect(reader.button('Anuluj')).toHaveCount(0)
  expect(await reader.page.locator('body').getAttribute('data-felt')).toBe(null)

  await drag('wiadomość nr 29.', 200)
  await expect.poll(() => shiftOf(reader, 'wiadomość nr 29.')).toBeCloseTo(91.2, 1)
  await expect(reader.page.locator('body')).toHaveAttribute('data-felt', '10')
  expect(await reader.page.locator('#log').evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0)
  await lift()
  await expect(reader.button('Anuluj')).toBeVisible()
  await expect(reader.page.locator('#composer')).toContainText('wiadomość nr 29.')
})

test.each([
  ['to the left', 'wiadomość nr 29.', -150, 0, 200],
  ['that scrolls', 'wiadomość nr 29.', 100, 220, undefined],
  ['from the edge', 'wiadomość nr 29.', 150, 0, 10],
  ['in code that scrolls by itself', 'kod, który', 150, 0, undefined],
])('a finger %s answers nothing', async (_, text, across, along, from) => {
  const reader = await onPhone()
  const { drag, lift } = await finger(reader)
  await drag(text, across, along, from)
  await lift()
  await reader.page.waitForTimeout(100)
  await expect(reader.button('Anuluj')).toHaveCount(0)
  expect(await shiftOf(reader, text)).toBe(0)
})

test('with reduced motion nothing moves, and it answers all the same', async () => {
  const reader = await onPhone({ reducedMotion: 'reduce' })
  const { drag, lift } = await finger(reader)
  await drag('moja własna', 150)
  expect(await shiftOf(reader, 'moja własna')).toBe(0)
  await expect(reader.page.locator('.swipe-mark')).toHaveCount(0)
  await lift()
  await expect(reader.page.locator('#composer')).toContainText('moja własna')
})
