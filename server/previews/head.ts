import { Parser } from 'htmlparser2'

/** The content of a page's head, repeats included, in order. */
export interface Head {
  title: string
  /** By the name or property of its `meta` tag, in lower case. */
  metas: Map<string, string[]>
  /** The first `<base href>`. */
  base: string | undefined
}

const maxTags = 200
const maxLevels = 64
const maxAttributeLength = 4096
const step = 8 * 1024
/** Elements with titles of their own, which are not the page's. */
const foreign = new Set(['svg', 'math'])

/**
 * Reads title and meta tags only: deliberately deep nesting would exhaust the time or stack of a tree builder. Reads in
 * chunks, and stops once there is enough.
 */
export function readHead(html: string): Head {
  const head: Head = { title: '', metas: new Map(), base: undefined }
  let title: 'none' | 'open' | 'read' = 'none'
  let inForeign = 0
  let tags = 0
  let level = 0
  let isEnough = false
  const parser = new Parser({
    onopentag(name, attributes) {
      level++
      isEnough ||= name === 'body' || level > maxLevels || tags >= maxTags
      if (foreign.has(name)) inForeign++
      if (isEnough) return
      if (name === 'title' && title === 'none' && !inForeign) title = 'open'
      if (name === 'base') head.base ??= attributes.href
      if (name === 'meta') {
        tags++
        addMeta(head, attributes)
      }
    },
    ontext(piece) {
      if (title === 'open' && head.title.length < maxAttributeLength) head.title += piece
    },
    onclosetag(name) {
      level--
      if (foreign.has(name)) inForeign--
      if (name === 'title' && title === 'open') title = 'read'
    },
  })
  for (let at = 0; at < html.length && !isEnough; at += step) parser.write(html.slice(at, at + step))
  return head
}

function addMeta({ metas }: Head, { name, property, itemprop, content }: Record<string, string>): void {
  if (content === undefined) return
  for (const key of new Set(
    [property, name, itemprop].flatMap((each) => each?.toLowerCase().split(/\s+/) ?? []),
  ))
    metas.set(key, [...(metas.get(key) ?? []), content.slice(0, maxAttributeLength)])
}
