import type { BrowserContextOptions } from 'playwright'
import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { visitor } from './people.ts'

const service = await startService()

const narrow: BrowserContextOptions = {
  viewport: { width: 320, height: 640 },
  isMobile: true,
  hasTouch: true,
}

test.each<[string, BrowserContextOptions]>([
  ['on a desktop', {}],
  ['on a narrow phone, in the dark', { ...narrow, colorScheme: 'dark' }],
])(
  'the documentation opens for everybody %s, asks no other host, and can try a request',
  async (_, screen) => {
    const reader = await visitor(service.address, screen)
    const { page } = reader
    const hosts = new Set<string>()
    page.on('request', (request) => hosts.add(new URL(request.url()).origin))
    await reader.open('/docs')
    await expect(page).toHaveURL(`${service.address}/api/docs`)
    await expect(page.getByRole('link', { name: 'asyncapi.json' }).first()).toBeVisible()
    const operation = page.locator('#operations-Rozmowa-getUsersMe')
    await operation.getByRole('button').first().click()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    await expect(operation.locator('.live-responses-table')).toContainText('unauthenticated')
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(await overflow()).toBeLessThanOrEqual(0)
    expect([...hosts]).toEqual([service.address])
    await page.context().close()
    expect(reader.errors).toEqual([])
  },
)
