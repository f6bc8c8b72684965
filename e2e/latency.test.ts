import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { visitor } from './people.ts'

const service = await startService()

/** From the Enter key in one browser to the bubble in the other: the target is 100 ms at p95. */
test('a message appears in the other browser at once', async () => {
  await service.anna.say(await service.anna.talkTo(service.bartek), 'Zaczynamy')
  const anna = await (await visitor(service.address)).signIn('anna')
  const bartek = await (await visitor(service.address)).signIn('bartek')
  await anna.choose('Bartek Zieliński')
  await bartek.choose('Anna Kowalska')
  const rounds = 60
  // Both browsers run on this machine and share its clock.
  await bartek.page.evaluate(() => {
    const seen: Record<string, number> = {}
    Object.assign(window, { seen })
    new MutationObserver((changes) => {
      for (const node of changes.flatMap((change) => [...change.addedNodes])) {
        const text = node instanceof HTMLElement && node.textContent?.match(/runda \d+;/)?.[0]
        if (text) requestAnimationFrame(() => (seen[text] ??= Date.now()))
      }
    }).observe(document.querySelector('[role=log]')!, { childList: true, subtree: true })
  })
  const sentAt: number[] = []
  for (let round = 0; round < rounds; round++) {
    await anna.input.click()
    await anna.page.keyboard.insertText(`runda ${round};`)
    sentAt.push(await anna.page.evaluate(() => Date.now()))
    await anna.page.keyboard.press('Enter')
    await bartek.sees(`runda ${round};`)
  }
  const seen = await bartek.page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen)
  const took = sentAt.map((at, round) => seen[`runda ${round};`]! - at).sort((a, b) => a - b)
  expect(took.every(Number.isFinite)).toBe(true)
  const at = (share: number) => took[Math.ceil(took.length * share) - 1]
  process.stdout.write(
    `\nvisible in the other browser: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms\n`,
  )
})
