import type { Request, RequestHandler, Response } from 'express'
import { inListOrder } from '../../views/conversations/order.ts'
import { arrange, logOf, showsUnread } from '../../views/messages/arrange.ts'
import type { PageData } from '../../views/page.ts'
import type { Found } from '../../views/templates.ts'
import { rememberDevice } from '../accounts/device.ts'
import { config } from '../config.ts'
import type { Conversation } from '../contract/conversations.ts'
import { idText } from '../contract/fields.ts'
import { limits } from '../contract/limits.ts'
import type { MessagePage } from '../contract/messages.ts'
import type { PinPage } from '../contract/pins.ts'
import type { OwnUser } from '../contract/users.ts'
import { findConversation, listConversations } from '../conversations/store.ts'
import { messagePage } from '../messages/store.ts'
import { pinsOf } from '../pins/store.ts'
import { asset } from '../web/assets.ts'
import { Problem } from '../web/problem.ts'
import { readFor } from '../web/reads.ts'
import { readerFor, render } from '../web/render.ts'
import { findFor } from './found.ts'
import { signInFor } from './next.ts'

interface Opened {
  conversation: Conversation
  messages: MessagePage
  pins: PinPage
}

const pageSize = 50

/**
 * GET /wiadomosci/:conversation_id? – the list, and the open conversation from its first unread message on, or around
 * that of `?wiadomosc=`; with `?szukaj=` in place of the list what was found.
 */
export const getConversations: RequestHandler = async (req, res) => {
  if (!req.user) return res.redirect(signInFor(req.originalUrl))
  const me = req.user
  rememberDevice(req, res, me.id)
  res.send(await readFor(me.id, () => answer(req, res, me)))
}

async function answer(req: Request, res: Response, me: OwnUser): Promise<string> {
  const asked = req.params.conversation_id as string | undefined
  const [list, found, opened] = await Promise.all([
    listConversations(me.id, { filter: 'all', limit: 30 }),
    findFor(me.id, req.query.szukaj),
    asked === undefined ? undefined : open(me, asked, req.query.wiadomosc),
  ])
  const panel = opened ? 'open' : asked === undefined ? 'choose' : 'missing'
  if (panel === 'missing') res.status(404)
  return draw(req, me, { list, panel, opened, found })
}

async function open({ id: viewerId }: OwnUser, asked: string, message: unknown): Promise<Opened | undefined> {
  const id = idText.safeParse(asked)
  if (!id.success) return undefined
  try {
    const [conversation, newest, pins] = await Promise.all([
      findConversation(viewerId, id.data),
      messagePage(viewerId, id.data, { limit: pageSize }),
      pinsOf(viewerId, id.data, { limit: limits.conversationPins }),
    ])
    const { first_unread_id } = conversation
    const linked = idText.safeParse(message).data
    const around = { limit: pageSize, around_id: linked ?? first_unread_id ?? undefined }
    const messages =
      !linked && showsUnread(newest, first_unread_id) ? newest : await messagePage(viewerId, id.data, around)
    return { conversation, messages, pins }
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined
    throw error
  }
}

interface Page {
  list: PageData['list']
  panel: 'open' | 'choose' | 'missing'
  opened: Opened | undefined
  found: Found | undefined
}

function draw(req: Request, me: OwnUser, { list, panel, opened, found }: Page): string {
  const reader = readerFor(req)
  const { conversation = null, messages = null, pins = null } = opened ?? {}
  const page: PageData = {
    me,
    locale: reader.locale,
    zone: reader.zone,
    maxUploadBytes: config.uploadMaxBytes,
    uploadQuotaBytes: config.uploadQuotaBytes,
    assets: {
      sprite: asset('icons.svg'),
      favicon: asset('favicon.svg'),
      faviconUnread: asset('favicon-unread.svg'),
    },
    list,
    conversation,
    messages,
    pins,
  }
  const items = opened && arrange(logOf(opened.conversation, opened.messages), reader)
  return render('conversations/page', reader, {
    list: { ...list, conversations: inListOrder(list) },
    panel,
    conversation,
    items,
    pins: pins?.pins,
    found,
    page,
  })
}
