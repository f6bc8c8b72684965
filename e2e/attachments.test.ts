import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileChooser } from 'playwright'
import { expect } from 'playwright/test'
import sharp from 'sharp'
import { test } from 'vitest'
import { emptyFolder } from '../server/testing/folder.ts'
import { heic } from '../server/testing/heic.ts'
import { startService } from '../server/testing/service.ts'
import { faults } from './axe.ts'
import { phone, signedInVisitors, type Visitor } from './people.ts'

const service = await startService({ UPLOAD_MAX_BYTES: '200000' })
const arrive = signedInVisitors(service.address)
const { anna, bartek, celina, dawid, ewa } = service

const picture = async (name: string, width = 1600, height = 900) => ({
  name,
  mimeType: 'image/png',
  buffer: await sharp({ create: { width, height, channels: 3, background: '#4a7' } })
    .png()
    .toBuffer(),
})
const note = (name: string, size = 2000) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.alloc(size, 'a '),
})

async function attach(visitor: Visitor, ...files: { name: string; mimeType: string; buffer: Buffer }[]) {
  const [chooser] = await Promise.all([visitor.page.waitForEvent('filechooser'), visitor.attachFiles()])
  await chooser.setFiles(files)
}

const tray = (visitor: Visitor) => visitor.page.getByRole('list', { name: 'Dołączone pliki' })

/** A file as the system drops or pastes it, with the data that comes along. */
const hand = (
  visitor: Visitor,
  how: 'drop' | 'paste',
  name: string,
  type = 'text/plain',
  texts: Record<string, string> = {},
) =>
  visitor.page.evaluate(
    ([how, name, type, texts]) => {
      const data = new DataTransfer()
      data.items.add(new File(['treść'], name, { type }))
      for (const [kind, text] of Object.entries(texts)) data.setData(kind, text)
      const target = document.querySelector('#composer-input [role=textbox], #composer-input textarea')!
      const init = { bubbles: true, cancelable: true }
      if (how === 'paste') {
        target.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: data }))
        return
      }
      const list = document.querySelector('#rows')!
      list.dispatchEvent(new DragEvent('dragenter', { ...init, dataTransfer: data }))
      const shown = document.querySelector('.conversation--drop') !== null
      list.dispatchEvent(new DragEvent('drop', { ...init, dataTransfer: data }))
      return shown
    },
    [how, name, type, texts] as const,
  )

/** Drops a folder from the file system onto the page. */
async function dropFolder(visitor: Visitor, path: string) {
  const devtools = await visitor.page.context().newCDPSession(visitor.page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data })
  await devtools.detach()
}

test('pictures and a file are sent together without text, with their space reserved before they load', async () => {
  await anna.say(await anna.talkTo(bartek), 'Masz zdjęcia?')
  const [writer, reader] = [await arrive('bartek'), await arrive('anna')]
  await writer.choose('Anna Kowalska')
  await reader.choose('Bartek Zieliński')
  await attach(writer, await picture('jezioro.png'), await picture('las.png', 900, 1600), note('lista.txt'))
  await expect(tray(writer).getByRole('listitem')).toHaveCount(3)
  await writer.button('Wyślij').click()
  await expect(tray(writer)).toBeHidden()
  const received = reader.log.getByRole('article').last()
  await expect(received.getByRole('img', { name: 'jezioro.png' })).toBeVisible()
  await expect(received.getByRole('link', { name: /Plik lista\.txt, 2 kB/ })).toBeVisible()
  const [download] = await Promise.all([
    reader.page.waitForEvent('download'),
    received.getByRole('link', { name: /Plik lista/ }).click(),
  ])
  expect(download.suggestedFilename()).toBe('lista.txt')
  await attach(writer, await picture('jedno.png', 1200, 800))
  await reader.page.route('**/thumbnail', (route) => setTimeout(() => void route.continue(), 700))
  await writer.input.click()
  await writer.page.keyboard.type('Jedno zdjęcie')
  await writer.page.keyboard.press('Enter')
  const one = reader.message('Jedno zdjęcie')
  await expect(one).toBeVisible()
  const before = (await one.boundingBox())!.height
  await expect
    .poll(() => one.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth))
    .toBeGreaterThan(0)
  expect(Math.abs((await one.boundingBox())!.height - before)).toBeLessThan(1)
})

test('a picture opens in the lightbox, the arrows go to the next, Escape closes it', async () => {
  const reader = await arrive('anna')
  await reader.choose('Bartek Zieliński')
  const first = reader.log.getByRole('link', { name: 'Obraz jezioro.png' })
  await first.click()
  const lightbox = reader.page.getByRole('dialog')
  await expect(lightbox.getByRole('img', { name: 'jezioro.png' })).toBeVisible()
  await expect(lightbox).toContainText('1 z 3')
  await reader.page.keyboard.press('ArrowRight')
  await expect(lightbox.getByRole('img', { name: 'las.png' })).toBeVisible()
  await expect(lightbox.getByRole('link', { name: 'Pobierz' })).toHaveAttribute('download', 'las.png')
  await lightbox.getByRole('button', { name: 'Następny obraz' }).click()
  await expect(lightbox).toContainText('3 z 3')
  await reader.page.keyboard.press('Escape')
  await expect(lightbox).toHaveCount(0)
  await expect(first).toBeFocused()
})

test('files are dropped anywhere, or pasted, and removed again', async () => {
  await celina.say(await celina.talkTo(dawid), 'Wyślij protokół')
  const writer = await arrive('dawid')
  await writer.choose('Celina Wójcik')
  await writer.isLive()
  // The field accepts a scripted paste only after it has been typed in.
  await expect(writer.page.locator('.ql-editor')).toBeVisible()
  await writer.input.click()
  expect(await hand(writer, 'drop', 'upuszczony.txt')).toBe(true)
  await expect(tray(writer)).toContainText('upuszczony.txt')
  // As from a file manager.
  await hand(writer, 'paste', 'wklejony.txt', 'text/plain', { 'text/plain': 'wklejony.txt' })
  await expect(tray(writer).getByRole('listitem')).toHaveCount(2)
  // As from Excel.
  await hand(writer, 'paste', 'image.png', 'image/png', { 'text/plain': 'Jan', 'text/html': '<b>Jan</b>' })
  await expect(writer.input).toContainText('Jan')
  await writer.input.fill('')
  for (let i = 0; i < 3; i++) await hand(writer, 'paste', 'image.png', 'image/png')
  const pasted = tray(writer)
    .getByRole('listitem')
    .filter({ hasText: /obraz \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d/ })
  await expect(pasted).toHaveCount(3)
  const names = await pasted.locator('.upload__name').allTextContents()
  expect(new Set(names).size).toBe(3)
  for (const name of names) await writer.button(`Odłącz ${name}`).click()
  await dropFolder(writer, emptyFolder())
  await expect(writer.page.getByText('Folderów nie można wysłać')).toBeVisible()
  await expect(tray(writer).getByRole('listitem')).toHaveCount(2)
  await writer.button('Odłącz upuszczony.txt').click()
  await expect(tray(writer).getByRole('listitem')).toHaveCount(1)
  await writer.choose('Celina Wójcik')
  await writer.page.reload()
  await expect(tray(writer)).toContainText('wklejony.txt')
  await writer.button('Wyślij').click()
  await expect(writer.log.getByRole('link', { name: /wklejony\.txt/ })).toBeVisible()
})

test('a file that cannot be sent says why, and does not block the others', async () => {
  await celina.say(await celina.talkTo(ewa), 'Pliki?')
  const writer = await arrive('ewa')
  await writer.choose('Celina Wójcik')
  const program = { name: 'program.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ\0\0') }
  const photo = { name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer: heic() }
  await attach(writer, note('ogromny.txt', 300_000), program, note('pusty.txt', 0), photo)
  await expect(tray(writer)).toContainText('Plik jest pusty')
  await writer.button('Odłącz pusty.txt').click()
  await expect(
    tray(writer).getByRole('listitem').filter({ hasText: 'IMG_0001.jpg' }).locator('img'),
  ).toBeVisible()
  await expect(tray(writer)).toContainText('Za duży, najwyżej 195 kB')
  await expect(tray(writer)).toContainText('Plików tego rodzaju nie da się wysłać')
  await writer.write('mimo to')
  await expect(writer.page.getByText('Usuń lub ponów pliki')).toBeVisible()
  await writer.button('Odłącz ogromny.txt').click()
  await writer.button('Odłącz program.exe').click()
  await writer.input.press('Enter')
  await writer.sees('mimo to')
})

/** Playwright would send copies; the browser itself reads a file only when it is uploaded. */
async function chooseFrom(files: string[], chooser: FileChooser): Promise<void> {
  const devtools = await chooser.page().context().newCDPSession(chooser.page())
  const { result } = await devtools.send('Runtime.evaluate', {
    expression: 'document.querySelector("#files")',
  })
  await devtools.send('DOM.setFileInputFiles', { files, objectId: result.objectId! })
  await devtools.detach()
}

test('a file that is gone by the time of its upload is not blamed on the network', async () => {
  const folder = emptyFolder()
  const paths = ['pierwszy.txt', 'usunięty.txt'].map((name) => join(folder, name))
  for (const path of paths) writeFileSync(path, 'treść')
  await celina.say(await celina.talkTo(bartek), 'Pliki?')
  const writer = await arrive('bartek')
  await writer.choose('Celina Wójcik')
  await writer.page.route('**/upload', (route) => setTimeout(() => void route.continue(), 500))
  const [chooser] = await Promise.all([writer.page.waitForEvent('filechooser'), writer.attachFiles()])
  await chooseFrom(paths, chooser)
  rmSync(paths[1]!)
  const gone = tray(writer).getByRole('listitem').filter({ hasText: 'usunięty.txt' })
  await expect(gone).toContainText('Tego pliku nie da się odczytać na tym urządzeniu')
  await expect(gone.getByRole('button')).toHaveCount(1)
  await writer.button('Odłącz usunięty.txt').click()
  await writer.button('Wyślij').click()
  await expect(writer.log.getByRole('link', { name: /pierwszy\.txt/ })).toBeVisible()
})

test('an upload waits for the network, and the message for the upload', async () => {
  await bartek.say(await bartek.talkTo(dawid), 'Sieć?')
  const writer = await arrive('bartek', phone)
  await writer.choose('Dawid Żółkiewski')
  await writer.page.context().setOffline(true)
  await attach(writer, note('cierpliwy.txt'))
  await expect(tray(writer)).toContainText('Brak połączenia')
  await writer.page.context().setOffline(false)
  await expect(tray(writer)).not.toContainText('Brak połączenia')
  await writer.page.route('**/upload', (route) => setTimeout(() => void route.continue(), 600))
  await attach(writer, note('powolny.txt'))
  await writer.button('Wyślij').click()
  await expect(writer.page.getByText('Wiadomość wyjdzie, gdy pliki się wczytają.')).toBeVisible()
  await expect(writer.log.getByRole('link', { name: /powolny\.txt/ })).toBeVisible()
  await expect(writer.log.getByRole('link', { name: /cierpliwy\.txt/ })).toBeVisible()
  writer.errors.splice(0) // the browser itself reports every failed request
})

test('a very tall picture is not a strip, opens at full width, and a long name keeps its ending', async () => {
  await ewa.say(await ewa.talkTo(celina), 'Przyślesz?')
  const writer = await arrive('celina')
  await writer.choose('Ewa Szczepańska')
  await attach(
    writer,
    await picture('zrzut.png', 400, 4000),
    note(`${'Protokół z posiedzenia '.repeat(8)}.txt`),
  )
  await expect(tray(writer).getByText('.txt', { exact: true })).toBeInViewport({ ratio: 1 })
  await writer.button('Wyślij').click()
  const shown = writer.log.getByRole('img', { name: 'zrzut.png' })
  await expect.poll(async () => (await shown.boundingBox())?.height).toBe(360)
  expect((await shown.boundingBox())!.width).toBe(160)
  const ending = (await writer.log.getByText('.txt', { exact: true }).boundingBox())!
  const bubble = (await writer.log.locator('.bubble').last().boundingBox())!
  expect(ending.x + ending.width).toBeLessThan(bubble.x + bubble.width)
  await shown.click()
  const opened = writer.page.locator('.lightbox__image')
  await expect.poll(async () => (await opened.boundingBox())?.width).toBe(400)
})

/** Several files at once, as the system drops or pastes them. */
const handAll = (visitor: Visitor, how: 'drop' | 'paste', pictures: { name: string; buffer: Buffer }[]) =>
  visitor.page.evaluate(
    ([how, pictures]) => {
      const data = new DataTransfer()
      for (const { name, base64 } of pictures) {
        const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
        data.items.add(new File([bytes], name, { type: 'image/png' }))
      }
      const target = document.querySelector('#composer-input [role=textbox], #composer-input textarea')!
      const init = { bubbles: true, cancelable: true }
      target.dispatchEvent(
        how === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: data })
          : new DragEvent('drop', { ...init, dataTransfer: data }),
      )
    },
    [how, pictures.map(({ name, buffer }) => ({ name, base64: buffer.toString('base64') }))] as const,
  )

test.each([
  [2, 'drop', [2]],
  [3, 'paste', [1, 2]],
  [4, 'drop', [2, 2]],
  [6, 'paste', [2, 2]],
] as const)(
  '%i pictures that come together by %s are one message, and stand in rows of %j',
  async (count, how, rows) => {
    await anna.say(await anna.talkTo(bartek), 'Zdjęcia z wycieczki')
    const [writer, reader] = [await arrive('bartek'), await arrive('anna', phone)]
    await writer.choose('Anna Kowalska')
    await reader.choose('Bartek Zieliński')
    const pictures = await Promise.all(
      Array.from({ length: count }, (_, i) => picture(`${count}-${i + 1}.png`, 400 + 100 * i, 300)),
    )
    // Their space is reserved before they are there.
    await reader.page.route('**/thumbnail', (route) => route.abort())
    await handAll(writer, how, pictures)
    await expect(tray(writer).getByRole('listitem')).toHaveCount(count)
    await writer.button('Wyślij').click()
    const album = reader.log.getByRole('article').last()
    const shown = album.getByRole('link', { name: /^Obraz / })
    await expect(shown).toHaveCount(Math.min(count, 4))
    // At one moment: the message may still be moving.
    const boxes = await shown.evaluateAll((links) => links.map((link) => link.getBoundingClientRect()))
    expect([...Map.groupBy(boxes, ({ y }) => Math.round(y)).values()].map(({ length }) => length)).toEqual(
      rows,
    )
    for (const { width, height } of boxes) expect(Math.min(width, height)).toBeGreaterThan(100)
    if (count > 4) await expect(shown.last()).toHaveAccessibleName(`Obraz 6-4.png, i jeszcze 2`)
    expect(await reader.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(await faults(reader.page)).toEqual([])
    await reader.page.unroute('**/thumbnail')
    await shown.last().tap()
    const lightbox = reader.page.getByRole('dialog')
    for (let number = Math.min(count, 4); number <= count; number++) {
      await expect(lightbox.getByRole('img', { name: `${count}-${number}.png` })).toBeVisible()
      if (number < count) await lightbox.getByRole('button', { name: 'Następny obraz' }).tap()
    }
    reader.errors.splice(0) // the browser itself reports every failed request
  },
)
