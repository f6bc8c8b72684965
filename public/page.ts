import type { PageData } from '../views/page.ts'
import { readerOf } from '../views/reader.ts'
import { canonicalZone } from '../views/times.ts'

/** What the server drew this page from. */
export const page: PageData = JSON.parse(element('page').textContent)

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

export const reader = readerOf({ me: page.me, locale: page.locale, zone, sprite: page.assets.sprite })

/** False when the server drew the times of another zone than the reader's, so that they must be drawn again. */
export const drawnInMyZone = canonicalZone(page.zone) === zone

// From the next page on the server draws them right.
// biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari
document.cookie = `tz=${zone}; path=/; max-age=31536000; samesite=lax`

/** An element the templates promise to be there. */
export function element<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no element #${id}`)
  return found as E
}
