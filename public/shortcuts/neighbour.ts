import type { Conversation } from '../../server/contract/conversations.ts'
import { allChoice } from '../conversations/conversations.ts'
import type { Navigation } from '../conversations/navigation.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import type { State } from '../state.ts'
import type { Shortcut } from './shortcut.ts'

/** Opens the conversation above or below the open one in the list, or the nearest unread one. */
export async function openNeighbour(
  shortcut: Shortcut,
  { conversations }: State,
  navigation: Navigation,
): Promise<void> {
  const isUnread = shortcut.endsWith('_unread')
  const find = () => neighbour(navigation.id, shortcut.startsWith('next'), isUnread)
  let found = find()
  if (!found && shortcut.startsWith('next')) {
    await conversations.loadMore(allChoice).catch(() => {})
    found = find()
  }
  // Those further down the list are known, because the title counts them.
  found ??= isUnread ? conversations.all.find((each) => isWaiting(each, navigation.id))?.id : undefined
  if (found) navigation.open(found)
  else if (isUnread) showNotice(reader.t('conversations.no_unread_title'))
}

const isWaiting = (each: Conversation, openId: number | undefined): boolean =>
  each.id !== openId && !each.is_archived && (each.is_muted ? each.unread_mentions : each.unread_count) > 0

/** Of the list as it is shown. The unread one may also be found on the other side. */
function neighbour(openId: number | undefined, isNext: boolean, isUnread: boolean): number | undefined {
  const rows = [...document.querySelectorAll<HTMLElement>('#rows-list > .row')]
  const ids = rows.map((row) => Number(row.dataset.key))
  const now = openId ? ids.indexOf(openId) : -1
  const below = ids.slice(now + 1)
  const above = ids.slice(0, Math.max(0, now)).reverse()
  const [ahead, behind] = isNext ? [below, above] : [above, below]
  if (!isUnread) return ahead[0]
  const unread = new Set(ids.filter((_, i) => rows[i]!.classList.contains('row--unread')))
  return [...ahead, ...behind.toReversed()].find((id) => unread.has(id))
}
