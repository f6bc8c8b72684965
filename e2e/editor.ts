import { build } from 'esbuild'
import type { Page } from 'playwright'
import { afterAll } from 'vitest'
import { connectToBrowser } from '../server/testing/browser.ts'

const source = `
  export { richInput } from './public/composer/rich.ts'
  export { read } from './public/composer/read.ts'
  export { write } from './public/composer/write.ts'
`

/** The editor alone on a page, without the service. */
export async function openEditor(): Promise<Page> {
  const bundle = { bundle: true, write: false, format: 'iife', globalName: 'editor' } as const
  const built = await build({ stdin: { contents: source, resolveDir: process.cwd() }, ...bundle })
  const browser = await connectToBrowser()
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

/** The globals of that page. */
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

/** Each document as the editor returns it untouched. */
export const through = (page: Page, documents: string[]): Promise<string[]> =>
  page.evaluate((documents) => {
    const { input } = window as unknown as Opened
    return documents.map((html) => {
      input.set({ html, text: '' })
      return input.get().html
    })
  }, documents)

/** Each document as the editor writes what it has read. */
export const rewritten = (page: Page, documents: string[]): Promise<string[]> =>
  page.evaluate((documents) => {
    const { editor } = window as unknown as Opened
    return documents.map((html) => editor.write(editor.read(html).flatMap(({ lines }) => lines)))
  }, documents)

/** The non-blank characters of each document with their formats, as the editor reads them. */
export const understood = (page: Page, documents: string[]): Promise<string[]> =>
  page.evaluate((documents) => {
    const { editor } = window as unknown as Opened
    return documents.map((html) => {
      const runs = editor.read(html).flatMap(({ lines }) => lines.flatMap(({ runs }) => runs))
      const characters = runs.flatMap(({ insert, attributes = {} }) => {
        const format = JSON.stringify(Object.entries(attributes).sort())
        return [...(typeof insert === 'string' ? insert : JSON.stringify(insert))].map(
          (character) => character.trim() && character + format,
        )
      })
      return characters.join('')
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

/** The content after pasting data of these types at the end of `before`. */
export async function paste(page: Page, data: Record<string, string>, before = ''): Promise<string> {
  await set(page, before)
  await page.evaluate((data) => {
    const { input } = window as unknown as Opened
    const clipboardData = new DataTransfer()
    for (const [type, text] of Object.entries(data)) clipboardData.setData(type, text)
    input.element.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    )
  }, data)
  return written(page)
}
