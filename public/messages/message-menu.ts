import type { Message } from '../../server/contract/messages.ts'
import menuTemplate from '../../views/menus/message.eta'
import { type Action, actionsFor } from '../../views/messages/actions.ts'
import { type Further, furtherFor } from '../../views/messages/further.ts'
import { receiptLines, receiptOf } from '../../views/messages/receipts.ts'
import { pickEmoji } from '../emoji/pick.ts'
import { defaultEmoji } from '../emoji/recent.ts'
import { openMenu } from '../menus/menu.ts'
import { reader } from '../page.ts'
import { pinMessage } from '../pins/pin.ts'
import { toggleReaction } from '../reactions/toggle.ts'
import { renderTemplate } from '../render.ts'
import { starMessage } from '../stars/star.ts'
import { copyLink, copyMessage } from './copy-message.ts'
import { deleteMessage } from './delete.ts'
import type { Host } from './host.ts'
import { showReaders } from './readers.ts'
import { markUnread } from './unread.ts'

const icons: Record<Exclude<Action | Further, 'react'>, string> = {
  reply: 'reply',
  forward: 'forward',
  pin: 'pin',
  unpin: 'pin-off',
  edit: 'pencil',
  delete: 'trash-2',
  copy: 'copy',
  link: 'link',
  star: 'star',
  unstar: 'star-off',
  unread: 'mail',
  readers: 'check-check',
}

export function openMessageMenu(host: Host, message: Message, beside: Element | DOMRect): void {
  const actions = actionsFor(message, reader.me?.id)
  if (!actions.length) return
  const mine = new Set(
    message.reactions.filter((each) => each.user_id === reader.me?.id).map((each) => each.emoji),
  )
  const items = [...actions, ...furtherFor(message, reader.me?.id, host.conversation().is_group)]
    .filter((action) => action !== 'react')
    .map((choice) => ({ choice, icon: icons[choice], danger: choice === 'delete' }))
  const emoji = defaultEmoji.map((each) => ({ emoji: each, mine: mine.has(each) }))
  openMenu(renderTemplate(menuTemplate, { emoji, items, lines: times(host, message) }), beside, (choice) => {
    const now = host.find(message.id)
    if (!now) return
    const handler = handlers[choice as Action | Further]
    if (handler) handler(host, now, beside)
    else void toggleReaction(host, now, choice)
  })
}

const handlers: Record<
  Action | Further,
  (host: Host, message: Message, beside: Element | DOMRect) => unknown
> = {
  reply: (host, message) => host.reply(message),
  react: (host, message, beside) =>
    pickEmoji(beside, (emoji) => void toggleReaction(host, host.find(message.id) ?? message, emoji)),
  forward: async (host, message) => {
    const { openForward } = await import('./forward.ts')
    openForward(message, host.state.conversations)
  },
  pin: (host, message) => pinMessage(host, message, true),
  unpin: (host, message) => pinMessage(host, message, false),
  edit: (host, message) => host.edit(message),
  delete: deleteMessage,
  copy: (_host, message) => copyMessage(message),
  link: (_host, message) => copyLink(message),
  star: (host, message) => starMessage(host, message, true),
  unstar: (host, message) => starMessage(host, message, false),
  unread: markUnread,
  readers: (_host, message) => showReaders(message),
}

/** The tooltip of the ticks, for those who cannot hover. */
function times(host: Host, message: Message): string[] {
  if (message.sender_id !== reader.me?.id) return []
  const { members = [], is_group } = host.conversation()
  return receiptLines({ message, receipt: receiptOf(message, members, is_group) }, reader)
}
