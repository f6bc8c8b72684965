import type { PageData } from '../views/page.ts'
import { readerOf } from '../views/reader.ts'

/** What the server gives this page along with its HTML. */
export const page: PageData = JSON.parse(element('page').textContent)

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

export const reader = readerOf({ me: page.me, locale: page.locale, zone, sprite: page.assets.sprite })

// So that the server renders the next page in the right zone.
// biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari
document.cookie = `tz=${zone}; path=/; max-age=31536000; samesite=lax`

/** @throws when the templates lack it */
export function element<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no element #${id}`)
  return found as E
}
