import fc from 'fast-check'
import type { Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../server/contract/messages.ts'
import { cleanContent } from '../server/messages/content.ts'
import { connectToBrowser } from '../server/testing/browser.ts'
import { buildAssets } from '../server/web/assets.ts'
import { render } from '../server/web/render.ts'
import type { MessageItem } from '../views/messages/arrange.ts'
import { readerOf } from '../views/reader.ts'

const me = { id: 1, display_name: 'Anna' } as never
const reader = readerOf({ me, locale: 'pl', zone: 'Europe/Warsaw', sprite: '' })
const marks = (count: number) => `z${'\u0301'.repeat(count)}`

const words = fc.oneof(
  fc.constantFrom(
    'zażółć',
    'o 18',
    'a',
    'W',
    '1',
    'x\u200b\u200dy',
    '👩‍👩‍👧‍👦',
    '🇵🇱',
    '\u202exyz',
    'שלום עולם',
    'سلام',
  ),
  fc.constantFrom('ﷺ', '𒐫', '⸻', 'ฏ๎๎๎๎๎๎๎๎๎๎', '\t\t\t', 'https://example.org/'.repeat(9), '&nbsp;'.repeat(80)),
  fc.integer({ min: 1, max: 60 }).map(marks),
  fc.integer({ min: 1, max: 300 }).map((length) => 'm'.repeat(length)),
)
const wrap = (tag: string, inner: string) => `<${tag}>${inner}</${tag}>`
const inline = fc.tuple(
  fc.constantFrom('', '', 'strong', 'em', 'u', 's', 'code', 'a href="https://example.org"'),
  fc.array(words, { minLength: 1, maxLength: 6 }).map((some) => some.join(' ')),
)
const written = inline.map(([tag, text]) => (tag ? `<${tag}>${text}</${tag.split(' ')[0]}>` : text))
const lines = fc.array(written, { minLength: 1, maxLength: 3 })
const blocks = fc.oneof(
  written,
  fc.tuple(fc.constantFrom('p', 'pre', 'blockquote'), written).map(([tag, text]) => wrap(tag, text)),
  fc
    .tuple(fc.constantFrom('ul', 'ol'), lines)
    .map(([tag, each]) => wrap(tag, each.map((line) => wrap('li', line)).join(''))),
  fc
    .tuple(fc.constantFrom('ul', 'ol', 'blockquote'), fc.integer({ min: 2, max: 25 }), written)
    .map(([tag, depth, text]) => {
      const [open, close] =
        tag === 'blockquote' ? ['<blockquote>', '</blockquote>'] : [`<${tag}><li>x`, `</li></${tag}>`]
      return open.repeat(depth) + text + close.repeat(depth)
    }),
)
const contents = fc.array(blocks, { minLength: 1, maxLength: 3 }).map((some) => some.join(''))

/** Handwritten examples, besides the generated ones. */
const known = [
  marks(240),
  'Uwaga: <b>zebranie</b> o 18',
  '<p>jutro</p>o 18',
  '<p>dobry</p><p>שלום</p>',
  `<ol>${'<li>punkt</li>'.repeat(101)}</ol>`,
  `<pre>${'0123456789'.repeat(60)}</pre>`,
  '<ul><li>a<ul><li>b</li></ul></li></ul>',
  '<blockquote><p>cytat</p></blockquote>',
  '<strong><p>gruby</p></strong>',
  '<p>👨‍👩‍👧‍👦</p>',
]

function storable(content: string): string[] {
  try {
    return [cleanContent(content).html]
  } catch {
    return []
  }
}

/** A message with hostile words in every field that its writer controls. */
function drawn(content: string, index: number, bad: string): string {
  const sender = { id: 2, display_name: bad, avatar_url: null }
  const file = {
    id: 3,
    filename: `${bad}.pdf`,
    mime_type: 'application/pdf',
    size_bytes: 5,
    url: '#',
    width: null,
  }
  const reply = { id: 1, sender_id: 2, sender_name: bad, excerpt: bad, is_deleted: false }
  const preview = { url: 'https://example.org/', title: bad, description: bad, image: null }
  const odd = index % 5
  const message = {
    id: index,
    kind: 'user',
    sender_id: 2,
    sender,
    content,
    content_text: content,
    attachments: odd === 1 ? [file] : [],
    reply_to: odd === 2 ? reply : null,
    link_preview: odd === 3 ? preview : null,
    forwarded_from: odd === 4 ? { message_id: 1, sender_name: bad } : null,
    reactions: odd === 2 ? [{ user_id: 2, user_name: bad, emoji: '👍' }] : [],
    edited_at: index % 3 ? null : '2026-11-20T10:00:00.000Z',
    is_pinned: index % 4 === 0,
    created_at: '2026-11-20T10:00:00.000Z',
  } as unknown as Message
  const mine = index % 2 === 0
  const item: MessageItem = {
    key: `m-${index}`,
    template: 'messages/message',
    message,
    mine,
    first: true,
    last: true,
    named: !mine,
    receipt: mine ? { state: 'read', read_at: null, delivered_at: null } : null,
    readers: [],
  }
  return render('messages/message', reader, { item })
}

let page: Page
let styles: string
beforeAll(async () => {
  const { files } = await buildAssets()
  styles = [...files].find(([name]) => name.endsWith('.css'))![1].plain.toString()
  const browser = await connectToBrowser()
  afterAll(() => browser.close())
  page = await browser.newPage()
})

/** On a wide white background overflow shows; avatars and buttons are outside on purpose. */
const field = `html, body { height: auto; overflow: visible } body { background: #fff; color-scheme: light }
  .log__items { display: block; min-height: 0 } .message { margin: 48px 0 !important }
  .bubble > .avatar, .more, .reactions { display: none }`

interface Box {
  x: number
  y: number
  width: number
  height: number
}

const pixels = async () => {
  const shot = sharp(await page.screenshot({ fullPage: true }))
    .ensureAlpha()
    .raw()
  const { data, info } = await shot.toBuffer({ resolveWithObject: true })
  return { width: info.width, all: new Uint32Array(data.buffer, data.byteOffset, data.length / 4) }
}

/** The number of pixels that bubbles change outside their boxes. */
async function spilt(boxes: Box[]): Promise<number> {
  const shown = await pixels()
  await page.addStyleTag({ content: '.bubble { visibility: hidden }' })
  const hidden = await pixels()
  for (const { x, y, width, height } of boxes)
    for (let row = Math.floor(y); row < y + height; row++) {
      const [from, to] = [row * shown.width + Math.floor(x), row * shown.width + Math.ceil(x + width)]
      shown.all.fill(0, from, to)
      hidden.all.fill(0, from, to)
    }
  return shown.all.reduce((count, pixel, index) => count + Number(pixel !== hidden.all[index]), 0)
}

/** The text of the messages whose letters overlap the time. */
const underTheTime = () =>
  page.evaluate(() =>
    [...document.querySelectorAll('.bubble')].flatMap((bubble) => {
      const time = bubble.querySelector('.meta')!.getBoundingClientRect()
      const texts = document.createTreeWalker(bubble.querySelector('.text')!, NodeFilter.SHOW_TEXT)
      const range = document.createRange()
      const under: string[] = []
      while (texts.nextNode()) {
        if (!texts.currentNode.textContent?.trim()) continue
        range.selectNodeContents(texts.currentNode)
        // By the middle of the line: the glyph boxes of some fonts are taller than the line.
        const meets = [...range.getClientRects()].some((line) => {
          const middle = (line.top + line.bottom) / 2
          const beside = line.right <= time.left + 1 || line.left >= time.right - 1
          return line.width > 0 && !beside && middle > time.top - 3 && middle < time.bottom + 3
        })
        if (meets) under.push(bubble.querySelector('.text')!.innerHTML)
      }
      return under.slice(0, 1)
    }),
  )

test.each([1280, 320])(
  'no storable message overflows its bubble or overlaps its time, at %i px',
  async (width) => {
    const made = fc.sample(contents, { numRuns: 40, seed: 18 })
    const bad = fc.sample(words, { numRuns: 100, seed: 19 })
    const messages = [...known, ...made].flatMap(storable)
    expect(messages.length).toBeGreaterThan(40)
    await page.setViewportSize({ width, height: 800 })
    const log = messages.map((content, index) => drawn(content, index + 1, bad[index % bad.length]!)).join('')
    await page.setContent(
      `<!doctype html><style>${styles}${field}</style><div class="log__items">${log}</div>`,
    )
    // Glyphs that no font of ours has may take their lines' final height only once they were painted.
    await pixels()
    const boxes = await page.evaluate(() =>
      [...document.querySelectorAll('.bubble')].map(
        (bubble) => bubble.getBoundingClientRect().toJSON() as Box,
      ),
    )
    expect(boxes).toHaveLength(messages.length)
    for (const { x, width: wide } of boxes) expect(x >= 0 && x + wide <= width).toBe(true)
    expect(await underTheTime()).toEqual([])
    expect(await spilt(boxes)).toBe(0)
  },
)
