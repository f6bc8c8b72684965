import type { Conversation } from '../../server/contract/conversations.ts'
import { handlesIn } from '../../views/people/handles.ts'
import { otherOf } from '../../views/people/other.ts'
import { draftOf } from '../composer/drafts.ts'
import type { Drawn } from '../keyed.ts'
import { reader } from '../page.ts'
import { render } from '../render.ts'
import type { State } from '../state.ts'

/**
 * The rows of these conversations as they are now; from here on their people's presence is followed.
 * @param found by a search, which includes the archive
 */
export function drawnRows(
  shown: Conversation[],
  { conversations, presences, typings }: State,
  openId: number | undefined,
  found = false,
): Drawn[] {
  const handles = handlesIn(conversations.all, reader)
  const otherIn = (conversation: Conversation) => otherOf(conversation, reader.me?.id)?.user_id
  presences.watch(shown.flatMap((conversation) => otherIn(conversation) ?? []))
  return shown.map((conversation) => {
    const current = conversation.id === openId
    const data = {
      conversation,
      handle: handles.get(conversation.id),
      current,
      found,
      draft: current ? '' : draftOf(conversation.id).text,
      presence: presences.get(otherIn(conversation)),
      typing: typings.words(conversation, reader.t),
    }
    return { key: String(conversation.id), html: render('conversations/row', data) }
  })
}
