import { createHash } from 'node:crypto'
import { expect } from 'playwright/test'
import { afterAll, test } from 'vitest'
import { startClamd } from '../server/testing/clamd.ts'
import { emptyFolder } from '../server/testing/folder.ts'
import { startService } from '../server/testing/service.ts'
import { visitor } from './people.ts'

const content = Buffer.from('zaraza, zaraza')
const md5 = createHash('md5').update(content).digest('hex')
const clamd = await startClamd(emptyFolder(), [`${md5}:${content.length}:Zaraza`])
afterAll(() => clamd.stop())
const service = await startService({ CLAMD_URL: clamd.url })
const id = await service.anna.talkTo(service.bartek)

test('who chooses an infected file is told that it was refused, and sends the others', async () => {
  const writer = await (await visitor(service.address)).signIn('anna')
  await writer.open(`/wiadomosci/${id}`)
  await writer.isLive()
  await writer.page.locator('input[type=file]').setInputFiles([
    { name: 'faktura.txt', mimeType: 'text/plain', buffer: content },
    { name: 'lista.txt', mimeType: 'text/plain', buffer: Buffer.from('zdrowa') },
  ])
  const tray = writer.page.getByRole('list', { name: 'Dołączone pliki' })
  await expect(tray).toContainText('Skaner antywirusowy odrzucił ten plik')
  await writer.page.getByRole('button', { name: 'Odłącz faktura.txt' }).click()
  await writer.write('Lista')
  await expect(writer.message('lista.txt')).toBeVisible()
  await writer.page.context().close()
  expect(writer.errors).toEqual([])
})
