import { limits } from '../server/contract/limits.ts'
import type { OwnUser } from '../server/contract/users.ts'
import { escapeAttribute } from './escape.ts'
import { type Locale, type Texts, textsIn } from './texts/texts.ts'
import { type Clock, clockOf } from './times.ts'

/** The person for whom a page is rendered; every template gets it as `it.r`. */
export interface Reader {
  me: OwnUser | null
  locale: Locale
  zone: string
  clock: Clock
  t: Texts
  limits: typeof limits
  /** HTML of an icon of the sprite. @param label when nothing beside the icon says what it means */
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

function iconHtml(href: string, label?: string): string {
  const attributes = label ? `role="img" aria-label="${escapeAttribute(label)}"` : 'aria-hidden="true"'
  return `<svg class="icon" ${attributes}><use href="${href}"></use></svg>`
}
