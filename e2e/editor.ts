import { build } from 'esbuild'
import { chromium, type Page } from 'playwright'
import { afterAll } from 'vitest'
import { findChromium } from '../server/testing/chromium.ts'

const source = `
  export { richInput } from './public/composer/rich.ts'
  export { read } from './public/composer/read.ts'
  export { write } from './public/composer/write.ts'
`

/** The editor alone, on a page of its own, without a service around it. */
export async function openEditor(): Promise<Page> {
  const bundle = { bundle: true, write: false, format: 'iife', globalName: 'editor' } as const
  const built = await build({ stdin: { contents: source, resolveDir: process.cwd() }, ...bundle })
  const browser = await chromium.launch(await findChromium())
  afterAll(() => browser.close())
  const page = await browser.newPage()
  await page.setContent(
    '<button>przed</button><div id="holder" style="white-space: pre-wrap"></div><button>za</button>',
  )
  await page.addScriptTag({ content: built.outputFiles[0]!.text })
  await page.addScriptTag({
    content: `
    var sent = 0
    var input = editor.richInput(document.getElementById('holder'), 'Tekst', { changed() {}, submit() { sent++ } })
  `,
  })
  return page
}

/** What stands on that page. */
interface Opened {
  input: {
    element: HTMLElement
    focus(): void
    get(): { html: string }
    set(draft: { html: string; text: string }): void
  }
  editor: {
    read(html: string): { lines: { runs: { insert: unknown; attributes?: object }[] }[] }[]
    write(lines: unknown[]): string
  }
}

/** What the editor gives back of each document when nothing is touched. */
export const through = (page: Page, documents: string[]): Promise<string[]> =>
  page.evaluate((documents) => {
    const { input } = window as unknown as Opened
    return documents.map((html) => {
      input.set({ html, text: '' })
      return input.get().html
    })
  }, documents)

/** Each document as the editor writes what it understood of it. */
export const rewritten = (page: Page, documents: string[]): Promise<string[]> =>
  page.evaluate((documents) => {
    const { editor } = window as unknown as Opened
    return documents.map((html) => editor.write(editor.read(html).flatMap(({ lines }) => lines)))
  }, documents)

/** The signs of each document, but for blanks, with their formats, as the editor understood them. */
export const understood = (page: Page, documents: string[]): Promise<string[]> =>
  page.evaluate((documents) => {
    const { editor } = window as unknown as Opened
    return documents.map((html) => {
      const runs = editor.read(html).flatMap(({ lines }) => lines.flatMap(({ runs }) => runs))
      const signs = runs.flatMap(({ insert, attributes = {} }) => {
        const format = JSON.stringify(Object.entries(attributes).sort())
        return [...(typeof insert === 'string' ? insert : JSON.stringify(insert))].map(
          (sign) => sign.trim() && sign + format,
        )
      })
      return signs.join('')
    })
  }, documents)

/** Loads a document, with the cursor at its end. */
export const set = (page: Page, html: string): Promise<void> =>
  page.evaluate((html) => {
    const { input } = window as unknown as Opened
    input.set({ html, text: '' })
    input.focus()
  }, html)

export const written = (page: Page): Promise<string> => page.evaluate('input.get().html')

/** What a paste of these kinds makes of an empty editor, or of one that holds `before`, with the cursor at its end. */
export async function paste(page: Page, data: Record<string, string>, before = ''): Promise<string> {
  await set(page, before)
  await page.evaluate((data) => {
    const { input } = window as unknown as Opened
    const clipboardData = new DataTransfer()
    for (const [kind, text] of Object.entries(data)) clipboardData.setData(kind, text)
    input.element.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    )
  }, data)
  return written(page)
}
