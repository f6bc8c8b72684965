import type { Conversation } from '../../server/contract/conversations.ts'
import rowMenuTemplate from '../../views/menus/row.eta'
import { api } from '../api.ts'
import { setOwn } from '../details/saving.ts'
import { openMenu } from '../menus/menu.ts'
import { showNotice } from '../notice.ts'
import { page, reader } from '../page.ts'
import { renderTemplate } from '../render.ts'
import type { State } from '../state.ts'
import { partnerOf } from './members.ts'
import { muteEnds, muteWords } from './mute.ts'

type Place = Element | DOMRect
interface Item {
  choice: string
  icon: string
  words: string
  act: () => unknown
}

/** What a reader may do with a conversation from its row in the list. */
export async function openRowMenu(state: State, id: number, beside: Place): Promise<void> {
  // At the start the list may still be on its way.
  if (!state.conversations.get(id)) await state.conversations.fetch(id)
  const conversation = state.conversations.get(id)
  if (conversation) openItems(conversation, itemsOf(state, conversation, beside), beside)
}

function openItems(conversation: Conversation, items: Item[], beside: Place): void {
  const { title, muted_until } = conversation
  const line = muted_until ? muteWords(muted_until) : ''
  openMenu(renderTemplate(rowMenuTemplate, { title, items, line }), beside, (choice) =>
    items.find((each) => each.choice === choice)?.act(),
  )
}

function itemsOf({ conversations }: State, conversation: Conversation, beside: Place): Item[] {
  const { t } = reader
  const { is_pinned, is_muted, is_archived } = conversation
  const set = (wanted: Parameters<typeof setOwn>[2]) => () => setOwn(conversations, conversation, wanted)
  const pin = is_pinned
    ? { choice: 'unpin', icon: 'pin-off', words: t('menu.unpin'), act: set({ is_pinned: false }) }
    : { choice: 'pin', icon: 'pin', words: t('menu.pin'), act: set({ is_pinned: true }) }
  const mutes = muteEnds().map(({ choice, words, muted_until }) => {
    return { choice, icon: 'clock', words, act: set({ is_muted: true, muted_until }) }
  })
  const mute = is_muted
    ? { choice: 'unmute', icon: 'bell', words: t('rows.unmute'), act: set({ is_muted: false }) }
    : {
        choice: 'mute',
        icon: 'bell-off',
        words: t('rows.mute'),
        act: () => openItems(conversation, mutes, beside),
      }
  const archive = is_archived
    ? {
        choice: 'restore',
        icon: 'archive-restore',
        words: t('rows.restore'),
        act: set({ is_archived: false }),
      }
    : { choice: 'archive', icon: 'archive', words: t('rows.archive'), act: set({ is_archived: true }) }
  const reading = readingItem(conversations, conversation)
  return [...(is_archived ? [] : [pin]), mute, archive, ...(reading ? [reading] : [])]
}

/** None where nobody else can have written. */
function readingItem(conversations: State['conversations'], conversation: Conversation): Item | undefined {
  const { t } = reader
  const { id, unread_count, last_message } = conversation
  const change = (by: (id: number) => Promise<unknown>) => async () => {
    try {
      await by(id)
      await conversations.fetch(id)
    } catch {
      showNotice(t('messages.change_failed'))
    }
  }
  if (unread_count > 0)
    return { choice: 'read', icon: 'mail-open', words: t('rows.read'), act: change(api.readAll) }
  if (!last_message || partnerOf(conversation, page.me.id) === page.me.id) return undefined
  const act = change((id) => api.markUnread(id))
  return { choice: 'unread', icon: 'mail', words: t('rows.unread'), act }
}
