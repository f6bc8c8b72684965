import type { BrowserContext, Page } from 'playwright'
import { expect } from 'playwright/test'
import type { Person } from '../server/testing/service.ts'
import { Visitor, visitor } from './people.ts'

/** What a browser would have shown, played and counted. */
export interface Device {
  shown: { title: string; body: string; tag: string }[]
  /** Tags of the notices that were taken back. */
  closed: string[]
  sounds: number
  badges: number[]
  tab(path: string): Promise<Visitor>
  context: BrowserContext
}

type Note =
  | { kind: 'shown'; title: string; body: string; tag: string }
  | { kind: 'closed'; tag: string }
  | { kind: 'sound' }
  | { kind: 'badge'; count: number }

/** A browser of theirs that records what it would show, with the notices on the desktop switched on. */
export async function deviceOf(who: Person, name: 'anna' | 'bartek' | 'celina'): Promise<Device> {
  const first = await visitor(who.address, { permissions: ['notifications'] })
  const context = first.page.context()
  const device: Device = { shown: [], closed: [], sounds: 0, badges: [], context, tab }
  await context.exposeBinding('note', (_, note: Note) => {
    if (note.kind === 'shown') device.shown.push({ title: note.title, body: note.body, tag: note.tag })
    else if (note.kind === 'closed') device.closed.push(note.tag)
    else if (note.kind === 'sound') device.sounds++
    else device.badges.push(note.count)
  })
  await context.addInitScript(record, who.id)
  await first.page.close()
  const page = await context.newPage()
  await new Visitor(page, who.address).signIn(name)
  await page.close()

  async function tab(path: string): Promise<Visitor> {
    const here = new Visitor(await context.newPage(), who.address)
    // The first one opens the stream for all.
    const heard = context.pages().length > 1 || here.page.waitForResponse(/messages\/stream/)
    await here.open(path)
    await heard
    // Counted when the late part has come.
    await expect.poll(() => here.page.evaluate(() => 'counted' in window)).toBe(true)
    return here
  }
  return device
}

/** A gesture, after which browsers let a page be heard. */
export const touch = (page: Page) => page.mouse.click(2, 2)

/** Runs in every page before its own scripts. */
function record(userId: number): void {
  const { note } = window as unknown as { note(what: Note): void }
  localStorage.setItem(`rozmowa.device.desktop.${userId}`, 'on')
  class RecordedNotice {
    static permission = 'granted'
    static requestPermission = async () => 'granted'
    tag: string
    onclick = () => {}
    constructor(title: string, { body = '', tag = '' }: NotificationOptions) {
      this.tag = tag
      Object.assign(window, { lastNotice: this })
      note({ kind: 'shown', title, body, tag })
    }
    close() {
      note({ kind: 'closed', tag: this.tag })
    }
  }
  Object.assign(window, { Notification: RecordedNotice })
  // Those of the service worker would be the system's.
  ServiceWorkerRegistration.prototype.showNotification = async (title, options) =>
    void new RecordedNotice(title, options ?? {})
  const Heard = AudioContext
  Object.assign(window, {
    AudioContext: class extends Heard {
      constructor() {
        super()
        note({ kind: 'sound' })
      }
    },
  })
  navigator.setAppBadge = async (count = 0) => {
    Object.assign(window, { counted: true })
    note({ kind: 'badge', count })
  }
}
