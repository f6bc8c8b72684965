import { expect } from 'playwright/test'
import { test } from 'vitest'
import { startService } from '../server/testing/service.ts'
import { signedInVisitors } from './people.ts'

const service = await startService({ RATE_LIMITS: 'on', UPLOAD_QUOTA_BYTES: '2000' })
const arrive = signedInVisitors(service.address)
const { anna, bartek } = service
const { spend } = await import('../server/web/limits.ts')

test('a reader over the rate limit waits a moment for a conversation, without an error', async () => {
  const id = await anna.talkTo(bartek)
  await anna.say(id, 'Warto było poczekać')
  const reader = await arrive('bartek')
  await expect(reader.inList('Anna Kowalska')).toBeVisible()
  // The requests of the page itself may have started the window of ten seconds.
  for (let wait = 0; wait < 6; ) {
    await spend('read', bartek.id, 24 * 1024).catch(() => {})
    wait = Number((await bartek.get('/api/conversations')).headers.get('retry-after'))
  }

  const refusals: string[] = []
  reader.page.on('response', (answer) => {
    if (answer.status() === 429) refusals.push(answer.url())
  })
  await reader.inList('Anna Kowalska').click()
  await expect.poll(() => refusals.length).toBeGreaterThan(0)
  await expect(reader.message('Warto było poczekać')).toBeVisible({ timeout: 20_000 })
  await expect(reader.page.getByRole('alert')).toHaveCount(0)
})

test('a member over the upload quota learns what to do', async () => {
  const member = await arrive('anna')
  await member.choose('Bartek Zieliński')
  const buffer = Buffer.from('x'.repeat(1500))
  await member.page.locator('#files').setInputFiles([
    { name: 'pierwszy.txt', mimeType: 'text/plain', buffer },
    { name: 'drugi.txt', mimeType: 'text/plain', buffer },
  ])
  await expect(member.page.getByText(/^Twoje pliki mogą zajmować razem najwyżej 2/)).toBeVisible()
})
