import type { Conversation, OwnSettings } from '../../server/contract/conversations.ts'
import { api } from '../api.ts'
import type { Conversations } from '../conversations/conversations.ts'
import { Problem } from '../http.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'

/** @returns whether the name and description were saved */
export async function rename(
  conversations: Conversations,
  { id }: Conversation,
  form: HTMLFormElement,
): Promise<boolean> {
  const values = new FormData(form)
  const error = form.querySelector('.details__error') as HTMLElement
  error.hidden = true
  try {
    const name = String(values.get('name')).trim()
    const { conversation } = await api.rename(id, { name, description: String(values.get('description')) })
    conversations.put(conversation)
    return true
  } catch {
    error.textContent = reader.t('details.failed')
    error.hidden = false
    return false
  }
}

/** What is wanted of conversations whose answer is under way; the latest choice follows it. */
const wantedOf = new Map<number, OwnSettings>()

/** Mutes, pins, archives or chooses what to be notified of, optimistically: reverted when it cannot be saved. */
export async function setOwn(
  conversations: Conversations,
  conversation: Conversation,
  wanted: OwnSettings,
): Promise<void> {
  const { id } = conversation
  const underWay = wantedOf.get(id)
  const whole = withWhatFollows(wanted)
  wantedOf.set(id, after(underWay, whole))
  conversations.patch(id, whole as Partial<Conversation>)
  if (underWay) return
  let stored = ownOf(conversation)
  try {
    for (let sent: OwnSettings | undefined; sent !== wantedOf.get(id); ) {
      sent = wantedOf.get(id)!
      const answer = await api.setOwn(id, sent)
      stored = ownOf(answer.conversation)
      if (sent === wantedOf.get(id)) conversations.put(answer.conversation)
    }
  } catch (error) {
    conversations.patch(id, stored)
    const full = error instanceof Problem && error.status === 409
    showNotice(reader.t(full ? 'rows.most' : 'details.failed'))
  } finally {
    wantedOf.delete(id)
  }
}

const ownOf = ({ is_muted, muted_until, is_pinned, is_archived, notify }: Conversation) => ({
  is_muted,
  muted_until,
  is_pinned,
  is_archived,
  notify,
})

const mutes = (wanted: OwnSettings) => 'is_muted' in wanted || 'notify' in wanted

/** With what else changes: said outright, it undoes what an earlier choice said of it. */
const withWhatFollows = (wanted: OwnSettings): OwnSettings => ({
  ...(mutes(wanted) && { muted_until: null }),
  ...(wanted.is_archived && { is_pinned: false }),
  ...(wanted.is_pinned && { is_archived: false }),
  ...wanted,
})

/** Both choices, where the later one has not undone the earlier. */
function after(earlier: OwnSettings = {}, later: OwnSettings): OwnSettings {
  const { is_muted: _, notify: __, muted_until: ___, ...placing } = earlier
  return { ...(mutes(later) ? placing : earlier), ...later }
}
