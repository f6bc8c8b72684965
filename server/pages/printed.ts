import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RequestHandler } from 'express'
import { arrange, type LogItem } from '../../views/messages/arrange.ts'
import type { Reader } from '../../views/reader.ts'
import type { Conversation } from '../contract/conversations.ts'
import { idText } from '../contract/fields.ts'
import type { Message } from '../contract/messages.ts'
import { findConversation } from '../conversations/store.ts'
import { messagePage } from '../messages/store.ts'
import { unlessHungUp } from '../web/hung-up.ts'
import { notFound } from '../web/problem.ts'
import { readFor } from '../web/reads.ts'
import { readerFor, render } from '../web/render.ts'
import { signInFor } from './next.ts'

const pageSize = 100
const logPlace = '<!--log-->'

/** GET /wiadomosci/:conversation_id/druk – the whole conversation on one page, for printing or saving. */
export const getPrinted: RequestHandler = async (req, res) => {
  if (!req.user) return res.redirect(signInFor(req.originalUrl))
  const id = idText.safeParse(req.params.conversation_id)
  if (!id.success) throw notFound()
  const viewerId = req.user.id
  const conversation = await findConversation(viewerId, id.data)
  const reader = readerFor(req)
  const [head, foot] = render('conversations/printed', reader, { conversation }).split(logPlace)
  async function* page() {
    yield head
    const log = wholeLog(conversation, viewerId, reader)
    let isDone: boolean | undefined
    const draw = async () => {
      const { value: items, done } = await log.next()
      isDone = done
      return (items ?? []).map((item) => render(item.template, reader, { item })).join('')
    }
    while (!isDone) yield await readFor(viewerId, draw, true)
    yield foot
  }
  res.type('html')
  await pipeline(Readable.from(page()), res).catch(unlessHungUp)
}

/** The log from its beginning, in pages that overlap: how a message looks depends on its neighbours. */
async function* wholeLog({ id, is_group: isGroup }: Conversation, viewerId: number, reader: Reader) {
  let carried: Message[] = []
  let hasMore = true
  while (hasMore) {
    const after_id = carried.at(-1)?.id ?? 0
    const page = await messagePage(viewerId, id, { after_id, limit: pageSize })
    const messages = [...carried, ...page.messages]
    hasMore = page.has_more
    const known = carried.length > 1
    const items = arrange(
      { messages, hasOlder: known, hasNewer: false, isGroup, members: [], firstUnreadId: null },
      reader,
    )
    const start = known ? endOf(items, messages[0]) : 0
    yield items.slice(start, hasMore ? endOf(items, messages.at(-2)) : undefined)
    carried = messages.slice(-2)
  }
}

/** The end of the items up to and including a message. */
const endOf = (items: LogItem[], message: Message | undefined) =>
  items.findIndex((item) => 'message' in item && item.message === message) + 1
