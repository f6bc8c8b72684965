import { expect } from 'playwright/test'
import { test, vi } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { visitor } from './people.ts'

const service = await startService()
const { log } = await import('../server/log.ts')
const warn = vi.spyOn(log, 'warn')

/** Of the reports that the service has logged, what was forbidden. */
const forbidden = () => warn.mock.calls.map(([report]) => (report as { directive?: string }).directive)

test('what an attacker would put into a page is forbidden by the browser, and reported to us', async () => {
  const reader = await visitor(service.address)
  await reader.signIn('anna')
  await reader.page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.attacked = true'
    document.body.append(script)
    const foreign = document.createElement('script')
    foreign.src = 'https://evil.example/a.js'
    document.body.append(foreign)
    document.body.insertAdjacentHTML('beforeend', '<img src="/x" onerror="window.attacked = true">')
    const frame = document.createElement('iframe')
    frame.src = 'https://evil.example/'
    document.body.append(frame)
  })
  const seen = () => [...new Set(forbidden())].sort()
  await expect
    .poll(seen, { timeout: 30_000 })
    .toEqual(expect.arrayContaining(['frame-src', 'script-src-attr', 'script-src-elem']))
  expect(await reader.page.evaluate(() => 'attacked' in window)).toBe(false)
  reader.errors.length = 0
  await reader.page.context().close()
})
