import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { chromium } from 'playwright'
import { expect } from 'playwright/test'
import { afterAll } from 'vitest'
import { cast, type Name, password } from '../server/demo/cast.ts'
import { findChromium } from '../server/testing/chromium.ts'

/** Somebody at a browser of his own: what he does is what a user does, what he sees is asserted. */
export class Visitor {
  readonly page: Page
  private readonly address: string
  /** What the browser complained about; must stay empty. */
  readonly complaints: string[] = []

  constructor(page: Page, address: string) {
    this.page = page
    this.address = address
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('status of 4'))
        this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(error.message))
  }

  open = (path: string) => this.page.goto(this.address + path)

  async signIn(name: Name, secret = password): Promise<this> {
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
  }

  inList = (title: string) =>
    this.page.getByRole('navigation', { name: 'Rozmowy' }).getByRole('link', { name: title })
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

  sees = (text: string) => expect(this.message(text)).toBeVisible()
}

let browser: Browser | undefined

/** A fresh browser profile, as of another person on another computer; desktop unless told otherwise. */
export async function visitor(address: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  browser ??= await chromium.launch(await findChromium())
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
