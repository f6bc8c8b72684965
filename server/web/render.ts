import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import type { Request } from 'express'
import { type Reader, readerOf } from '../../views/reader.ts'
import type { Given, TemplateName } from '../../views/templates.ts'
import { localeOf } from '../../views/texts/texts.ts'
import { canonicalZone, homeZone } from '../../views/times.ts'
import { templateOptions, words } from '../../views/words.ts'
import { asset } from './assets.ts'

const views = fileURLToPath(new URL('../../views/', import.meta.url))

class Templates extends Eta {
  words = words
  // Templates are named relative to `views/`, wherever they are included from, as in the browser.
  override resolvePath = (name: string) => `${views}${name}.eta`
}

const templates = new Templates({ ...templateOptions, views, cache: true })

/** The viewer of a request's page; the browser sends its time zone in the cookie `tz`. */
export function readerFor(req: Request): Reader {
  const me = req.user ?? null
  const zone = /(?:^|; )tz=([\w/+-]{1,64})(?:;|$)/.exec(req.headers.cookie ?? '')?.[1]
  return readerOf({
    me,
    // For guests the browser's languages are all there is.
    locale: localeOf(me?.locale ?? (req.acceptsLanguages('pl', 'en') || undefined)),
    zone: (zone && canonicalZone(zone)) ?? homeZone,
    sprite: asset('icons.svg'),
  })
}

/** Draws a template of `views/` as HTML. */
export function render<Name extends TemplateName>(
  name: Name,
  reader: Reader,
  ...[data]: Given<NoInfer<Name>>
): string {
  return templates.render(name, { ...data, r: reader, asset })
}
