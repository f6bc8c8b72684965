import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright'
import { expect } from 'playwright/test'
import { afterAll, afterEach } from 'vitest'
import { cast, type Name, password } from '../server/demo/cast.ts'
import { connectToBrowser } from '../server/testing/browser.ts'

/** A person with a browser of their own: acts as users do, and asserts what they see. */
export class Visitor {
  readonly page: Page
  readonly #address: string
  /** Errors of the browser; checked after each test. */
  readonly errors: string[] = []

  constructor(page: Page, address: string) {
    this.page = page
    this.#address = address
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('status of 4'))
        this.errors.push(message.text())
    })
    page.on('pageerror', (error) => this.errors.push(error.message))
  }

  open = (path: string) => this.page.goto(this.#address + path)

  /** By the API: the page for it has tests of its own. */
  async signIn(name: Name): Promise<this> {
    const data = { email: cast[name].email, password }
    const answer = await this.page.context().request.post(`${this.#address}/api/auth/login`, { data })
    expect(answer.ok()).toBe(true)
    await this.open('/wiadomosci')
    return this
  }

  async signInOnPage(name: Name, secret = password): Promise<this> {
    await this.open('/logowanie')
    await this.page.getByLabel('E-mail').fill(cast[name].email)
    await this.page.getByLabel('Hasło', { exact: true }).fill(secret)
    await this.page.getByRole('button', { name: 'Zaloguj' }).click()
    return this
  }

  /** Opens the conversation by its title in the list. */
  async choose(title: string): Promise<void> {
    await this.inList(title).click()
    await expect(this.page.getByRole('heading', { name: title })).toBeVisible()
    await this.isLive()
  }

  /** The script has taken over what the server has drawn. */
  isLive = () => expect(this.page.locator('html.live:not(:has(.conversation--drawn))')).toBeAttached()

  inList = (title: string, exact = false) =>
    this.page.getByRole('navigation', { name: 'Rozmowy' }).getByRole('link', { name: title, exact })
  get log() {
    return this.page.getByRole('log', { name: 'Wiadomości' })
  }
  get input() {
    return this.page.getByRole('textbox', { name: 'Napisz wiadomość' })
  }
  message = (text: string) => this.log.getByRole('article').filter({ hasText: text })

  async write(text: string): Promise<void> {
    await this.input.click()
    await this.page.keyboard.insertText(text)
    await this.page.keyboard.press('Enter')
  }

  async openMenu(text: string): Promise<Locator> {
    const message = this.message(text)
    await message.hover()
    await message.getByRole('button', { name: 'Więcej' }).click()
    return this.page.getByRole('menu')
  }

  async pick(text: string, item: string): Promise<void> {
    const menu = await this.openMenu(text)
    await menu.getByRole('menuitem', { name: item, exact: true }).click()
  }

  /** As far as the system's dialog. */
  async attachFiles(): Promise<void> {
    await this.button('Dołącz').click()
    await this.page.getByRole('menuitem', { name: 'Pliki' }).click()
  }

  button = (name: string) => this.page.getByRole('button', { name, exact: true })
  get dialog() {
    return this.page.getByRole('dialog').or(this.page.getByRole('alertdialog'))
  }

  sees = (text: string) => expect(this.message(text)).toBeVisible()
}

/** Signs people in, closes their browsers after each test, and fails on browser errors. */
export function signedInVisitors(address: string) {
  const arrived: Visitor[] = []
  afterEach(async () => {
    for (const visitor of arrived.splice(0)) {
      await visitor.page.context().close()
      expect(visitor.errors).toEqual([])
    }
  })
  return async (name: Name, options: BrowserContextOptions = {}): Promise<Visitor> => {
    const person = await (await visitor(address, options)).signIn(name)
    if (options.javaScriptEnabled !== false) await person.isLive()
    arrived.push(person)
    return person
  }
}

let browser: Browser | undefined

/** A fresh browser profile, by default on a desktop. */
export async function visitor(address: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  browser ??= await connectToBrowser()
  const context = await browser.newContext({
    locale: 'pl-PL',
    timezoneId: 'Europe/Warsaw',
    viewport: { width: 1280, height: 800 },
    ...options,
  })
  return new Visitor(await context.newPage(), address)
}

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
}

afterAll(() => browser?.close())
