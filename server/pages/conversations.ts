import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { inListOrder } from '../../views/conversations/order.ts'
import { arrange, logOf, showsUnread } from '../../views/messages/arrange.ts'
import type { PageData } from '../../views/page.ts'
import type { Found, RefusedForm } from '../../views/templates.ts'
import { rememberDevice } from '../accounts/device.ts'
import { config } from '../config.ts'
import { type Conversation, type ConversationPage, listCursorText } from '../contract/conversations.ts'
import { idText } from '../contract/fields.ts'
import { limits } from '../contract/limits.ts'
import type { MessagePage } from '../contract/messages.ts'
import type { PinPage } from '../contract/pins.ts'
import type { OwnUser } from '../contract/users.ts'
import { findConversation, listConversations } from '../conversations/store.ts'
import { messagePage, type Place } from '../messages/store.ts'
import { pinsOf } from '../pins/store.ts'
import { asset, partsOf } from '../web/assets.ts'
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
 * that of `?wiadomosc=`; with `?szukaj=` in place of the list what was found. Without scripts one pages by `?przed=` and
 * `?po=` a message, and by `?rozmowy=` a place in the list.
 */
export const getConversations: RequestHandler = async (req, res) => {
  if (!req.user) return res.redirect(signInFor(req.originalUrl))
  rememberDevice(req, res, req.user.id)
  await showConversations(req, res, req.user)
}

/** @param refused what was written without scripts, and not sent */
export async function showConversations(
  req: Request,
  res: Response,
  me: OwnUser,
  refused?: RefusedForm,
): Promise<void> {
  res.send(await readFor(me.id, () => answer(req, res, me, refused)))
}

async function answer(req: Request, res: Response, me: OwnUser, refused?: RefusedForm): Promise<string> {
  const asked = req.params.conversation_id as string | undefined
  const cursor = listCursorText.safeParse(req.query.rozmowy).data
  const [list, found, opened] = await Promise.all([
    listConversations(me.id, { filter: 'all', limit: limits.conversationPage, cursor }),
    findFor(me.id, req.query.szukaj),
    asked === undefined ? undefined : open(me, asked, req.query),
  ])
  const panel = opened ? 'open' : asked === undefined ? 'choose' : 'missing'
  if (panel === 'missing') res.status(404)
  return draw(req, me, { list, panel, opened, found, refused })
}

async function open(
  { id: viewerId }: OwnUser,
  asked: string,
  query: Request['query'],
): Promise<Opened | undefined> {
  const id = idText.safeParse(asked)
  if (!id.success) return undefined
  try {
    const place = placeIn(query)
    const [conversation, near, pins] = await Promise.all([
      findConversation(viewerId, id.data),
      pageAt(viewerId, id.data, place),
      pinsOf(viewerId, id.data, { limit: limits.conversationPins }),
    ])
    const { first_unread_id: unread } = conversation
    const isShown = place || unread === null || showsUnread(near, unread)
    const messages = isShown ? near : await pageAt(viewerId, id.data, { around_id: unread })
    return { conversation, messages, pins }
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined
    throw error
  }
}

/** Undefined for where the reader would like to begin. */
function placeIn({ wiadomosc, przed, po }: Request['query']): Place | undefined {
  const [around_id, before_id, after_id] = [wiadomosc, przed, po].map((id) => idText.safeParse(id).data)
  return around_id || before_id || after_id ? { around_id, before_id, after_id } : undefined
}

/** A page that says in both directions whether there is more. */
async function pageAt(viewerId: number, id: number, place: Place = {}): Promise<MessagePage> {
  const page = await messagePage(viewerId, id, { limit: pageSize, ...place })
  if (place.around_id) return page
  if (place.after_id) return { ...page, has_more: true, has_newer: page.has_more }
  return { ...page, has_newer: place.before_id !== undefined }
}

const nothing: ConversationPage = { conversations: [], has_more: false, next_cursor: null, unread_total: 0 }

/**
 * GET /wiadomosci/bez-sieci – the page without conversations, which the service worker keeps for when the network is away:
 * its script fills in what this browser has kept.
 */
export const getShell: RequestHandler = (req, res) => {
  if (!req.user) return res.redirect(signInFor('/wiadomosci'))
  res.send(draw(req, req.user, { list: nothing, panel: 'choose', isShell: true }))
}

interface Page {
  list: ConversationPage
  panel: 'open' | 'choose' | 'missing'
  opened?: Opened | undefined
  found?: Found | undefined
  refused?: RefusedForm | undefined
  isShell?: boolean
}

function draw(
  req: Request,
  me: OwnUser,
  { list, panel, opened, found, refused, isShell = false }: Page,
): string {
  const reader = readerFor(req)
  const page: PageData = {
    me,
    isShell,
    locale: reader.locale,
    maxUploadBytes: config.uploadMaxBytes,
    uploadQuotaBytes: config.uploadQuotaBytes,
    assets: {
      sprite: asset('icons.svg'),
      favicon: asset('favicon.svg'),
      faviconUnread: asset('favicon-unread.svg'),
      scripts: [asset('main.js'), asset(`${reader.locale}.js`), ...partsOf('main.js')],
    },
  }
  const items = opened && arrange(logOf(opened.conversation, opened.messages), reader)
  return render('conversations/page', reader, {
    list: { ...list, conversations: inListOrder(list) },
    panel,
    conversation: opened?.conversation ?? null,
    items,
    pins: opened?.pins.pins,
    found,
    page,
    clientId: randomUUID(),
    refused,
  })
}
