import { type Request, type RequestHandler, type Response, Router } from 'express'
import { type MailTexts, mailTextsIn } from '../../views/notifications/texts/mail-texts.ts'
import { readerOf } from '../../views/reader.ts'
import type { DataOf } from '../../views/templates.ts'
import { localeOf } from '../../views/texts/texts.ts'
import { changeSettings } from '../accounts/change-settings.ts'
import { updateOwnSettings } from '../conversations/own-settings.ts'
import { answerErrorPage } from '../pages/errors.ts'
import { asset } from '../web/assets.ts'
import { render } from '../web/render.ts'
import { type Link, linkPath, readLink } from './links.ts'
import { findTarget, type Target } from './target.ts'

/**
 * The pages behind the links in mails. They are mounted before session and `sameSite`: anyone with the link may do what
 * it was signed for, and nothing else, from any site, for mail clients have no session and post from their own (RFC
 * 8058). A GET changes nothing, since mail scanners follow every link.
 */
export const mailLinks = Router()

mailLinks.get(`${linkPath}/:token`, async (req, res) => {
  const found = await find(req)
  if (!found) return showWrong(res)
  const { link, target, say } = found
  show(res, found, {
    title: say(`link.${link.action}_title`, { title: target.title }),
    text: say(`link.${link.action}_text`),
    submit: say(`link.${link.action}_submit`),
  })
})

/** Acts at once; `?undo=1` takes it back. */
const act: RequestHandler = async (req, res) => {
  const found = await find(req)
  if (!found) return showWrong(res)
  const { link, target, say } = found
  const isUndone = req.query.undo === '1'
  if (link.action === 'mute')
    await updateOwnSettings(link.userId, link.conversationId, { is_muted: !isUndone })
  else await changeSettings(link.userId, { notify_email_messages: isUndone })
  show(res, found, {
    title: say(`link.${link.action}_${isUndone ? 'undone' : 'done'}`, { title: target.title }),
    ...(!isUndone && { submit: say('link.undo'), action: '?undo=1', isDone: true }),
  })
}

mailLinks.post(`${linkPath}/:token`, act)
mailLinks.use(linkPath, answerErrorPage)

type Page = DataOf<'notifications/link'>

interface Found {
  link: Link
  target: Target
  say: MailTexts
}

async function find(req: Request): Promise<Found | undefined> {
  const link = readLink(String(req.params.token))
  const target = link && (await findTarget(link))
  return link && target && { link, target, say: mailTextsIn(localeOf(target.locale)) }
}

function show(res: Response, { target, say }: Found, page: Omit<Page, 'say'>): void {
  res.send(draw(localeOf(target.locale), { say, ...page }))
}

function showWrong(res: Response): void {
  const say = mailTextsIn('pl')
  const [title, text] = [say('link.wrong_title'), say('link.wrong_text')]
  res.status(404).send(draw('pl', { say, title, text }))
}

const draw = (locale: 'pl' | 'en', page: Page) =>
  render(
    'notifications/link',
    readerOf({ me: null, locale, zone: 'Europe/Warsaw', sprite: asset('icons.svg') }),
    page,
  )
