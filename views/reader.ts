import { limits } from '../server/contract/limits.ts'
import type { OwnUser } from '../server/contract/users.ts'
import { type Locale, type Texts, textsIn } from './texts/texts.ts'
import { type Clock, clockOf } from './times.ts'

/** The one a page is drawn for: every template gets it as `it.r`. */
export interface Reader {
  me: OwnUser | null
  locale: Locale
  zone: string
  clock: Clock
  t: Texts
  limits: typeof limits
  /** An icon of the sprite, as HTML; `label` for icons that say something nothing else says. */
  icon(name: string, label?: string): string
}

export function readerOf(who: { me: OwnUser | null; locale: Locale; zone: string; sprite: string }): Reader {
  return {
    me: who.me,
    locale: who.locale,
    zone: who.zone,
    clock: clockOf(who.locale, who.zone),
    t: textsIn(who.locale),
    limits,
    icon: (name, label) => iconHtml(`${who.sprite}#${name}`, label),
  }
}

/** Only ever given texts of the catalogue, never a member's words. */
function iconHtml(href: string, label?: string): string {
  const told = label ? `role="img" aria-label="${label}"` : 'aria-hidden="true"'
  return `<svg class="icon" ${told}><use href="${href}"></use></svg>`
}
