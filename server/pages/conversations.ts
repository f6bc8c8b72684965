import type { Request, RequestHandler } from 'express'
import { arrange, logOf } from '../../views/messages/arrange.ts'
import type { PageData } from '../../views/page.ts'
import { findConversation, listConversations } from '../conversations/store.ts'
import type { Conversation, MessagePage, OwnUser } from '../live/events.ts'
import { messagePage } from '../messages/store.ts'
import { asset } from '../web/assets.ts'
import { idText } from '../web/params.ts'
import { Problem } from '../web/problem.ts'
import { readerFor, render } from '../web/render.ts'

interface Opened {
  conversation: Conversation
  messages: MessagePage
}

/** GET /wiadomosci/:conversation_id? – the list and the newest messages of the open conversation, drawn. */
export const getConversations: RequestHandler = async (req, res) => {
  if (!req.user) return res.redirect(`/logowanie?next=${encodeURIComponent(req.originalUrl)}`)
  const me = req.user
  const asked = req.params.conversation_id as string | undefined
  const [list, opened] = await Promise.all([
    listConversations(me.id, { filter: 'all', limit: 30 }),
    asked === undefined ? undefined : open(me, asked),
  ])
  const panel = opened ? 'open' : asked === undefined ? 'choose' : 'missing'
  if (panel === 'missing') res.status(404)
  res.send(draw(req, me, { list, panel, opened }))
}

async function open({ id: viewerId }: OwnUser, asked: string): Promise<Opened | undefined> {
  const id = idText.safeParse(asked)
  if (!id.success) return undefined
  try {
    const [conversation, messages] = await Promise.all([
      findConversation(viewerId, id.data),
      messagePage(viewerId, id.data, { limit: 50 }),
    ])
    return { conversation, messages }
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined
    throw error
  }
}

interface Page {
  list: PageData['list']
  panel: 'open' | 'choose' | 'missing'
  opened: Opened | undefined
}

function draw(req: Request, me: OwnUser, { list, panel, opened }: Page): string {
  const reader = readerFor(req)
  const { conversation = null, messages = null } = opened ?? {}
  const page: PageData = {
    me,
    locale: reader.locale,
    zone: reader.zone,
    assets: {
      sprite: asset('icons.svg'),
      favicon: asset('favicon.svg'),
      faviconUnread: asset('favicon-unread.svg'),
    },
    list,
    conversation,
    messages,
  }
  const items = opened && arrange(logOf(opened.conversation, opened.messages, me.id), reader)
  return render('conversations/page', reader, { list, panel, conversation, items, page })
}
