import type { Events } from '../server/contract/events.ts'
import type { Message } from '../server/contract/messages.ts'
import { inOneLine } from '../views/messages/words.ts'
import { followSignOut } from './accounts/sign-out.ts'
import { Actions } from './actions.ts'
import { acceptFiles } from './attachments/drop.ts'
import { Conversations } from './conversations/conversations.ts'
import { Navigation } from './conversations/navigation.ts'
import { cacheList, clearCache, evictConversation, evictMessage } from './conversations/offline-cache.ts'
import { Rows } from './conversations/rows.ts'
import { keepFocus } from './focus.ts'
import { whenIdle } from './idle.ts'
import { LateKept } from './kept/late-kept.ts'
import type { ChangeName } from './messages/changes.ts'
import { Outbox } from './messages/outbox.ts'
import { showNotice } from './notice.ts'
import type { Notices } from './notices/notices.ts'
import { page, reader } from './page.ts'
import { Panel } from './panel.ts'
import { startHeartbeat } from './presence/heartbeat.ts'
import { Presences } from './presence/presences.ts'
import { followRegions } from './regions.ts'
import { retryNow } from './retry.ts'
import { LateSearch } from './search/late-search.ts'
import { SharedStream } from './shared-stream.ts'
import type { State } from './state.ts'
import { Status } from './status.ts'
import type { EventHandlers, PageEventName } from './stream.ts'
import { showTitle } from './title.ts'
import { Typings } from './typing/typings.ts'
import { followKeyboard } from './viewport.ts'

const conversations = new Conversations(page.me.id)
const outbox = new Outbox()
const presences = new Presences()
const typings = new Typings()
const state: State = { conversations, outbox, presences, typings }

const panel = new Panel(state)
const navigation = new Navigation((id, messageId) => {
  rows.draw()
  void panel.show(id, messageId).finally(draw)
})
panel.navigation = navigation
const rows = new Rows(state, () => navigation.id)
const search = new LateSearch(state, navigation)
const kept = new LateKept(
  () => panel.open,
  () => scheduleDraw(),
)
const status = new Status()
const actions = new Actions({ state, panel, navigation, search, kept, draw })
let notices: Notices | undefined

function draw(): void {
  conversations.endMutes()
  rows.draw()
  search.loaded?.draw()
  panel.refresh()
  kept.draw()
  actions.draw()
  notices?.draw()
  const { id } = navigation
  const title = id && conversations.get(id)?.title
  // Until it is known, that of the server stands.
  if (!id || title) showTitle(title || undefined, conversations.unread)
}

function change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
  void conversations.changed(name, event)
  panel.at(event.conversation_id)?.change(name, event)
}

/** Loads what was missed while there was no stream. */
async function catchUp(): Promise<void> {
  outbox.retryNow()
  retryNow()
  presences.refresh()
  kept.refresh()
  search.loaded?.refresh()
  const open = navigation.id && panel.at(navigation.id)
  // The list lacks the read positions of a group's members.
  const here = open ? [open.catchUp(), conversations.fetch(open.id)] : []
  await Promise.allSettled([conversations.refresh().then(() => rows.refresh()), ...here])
}

/** Somebody else has signed in to this browser meanwhile. */
const becomeAnother = () => void clearCache().finally(() => location.reload())

let isDrawScheduled = false
function scheduleDraw(): void {
  if (isDrawScheduled) return
  isDrawScheduled = true
  queueMicrotask(() => {
    isDrawScheduled = false
    draw()
  })
}
conversations.onChange = scheduleDraw
presences.onChange = scheduleDraw
typings.onChange = scheduleDraw
// For times such as "10 minutes ago".
setInterval(() => document.hidden || scheduleDraw(), 60_000)

outbox.onChange = (id) => id === panel.open?.id && panel.open.refresh()
const receive = (message: Message) => panel.at(message.conversation_id)?.receive(message)
outbox.onSent = (message) => {
  void conversations.received({ conversation_id: message.conversation_id, seq: message.seq, message })
  receive(message)
}
outbox.onEdited = receive
outbox.onRefused = (entry, edits) => {
  if (entry.conversation_id === panel.open?.id) panel.open.refused(entry, edits)
  else showNotice(reader.t(`refused.${entry.refused ?? 'other'}`))
}
acceptFiles(
  (files) => panel.open?.attach(files),
  () => panel.open !== undefined,
)
const handlers: EventHandlers = {
  connected: ({ user_id }) => {
    if (user_id === page.me.id) void catchUp()
    else becomeAnother()
  },
  resync: () => void catchUp(),
  new_message: (event) => {
    void conversations.received(event)
    typings.stop(event.conversation_id, event.message.sender_id)
    receive(event.message)
    outbox.remove(event.message.sender_id === page.me.id ? event.message.client_id : null)
  },
  message_edited: (event) => change('message_edited', event),
  message_deleted: (event) => {
    change('message_deleted', event)
    void evictMessage(event.conversation_id, event.message_id)
    search.loaded?.forgetMessage(event.message_id)
  },
  reaction: (event) => change('reaction', event),
  message_pinned: (event) => change('message_pinned', event),
  message_updated: (event) => {
    conversations.updated(event)
    if (event.message.is_deleted) {
      void evictMessage(event.conversation_id, event.message.id)
      search.loaded?.forgetMessage(event.message.id)
    }
    receive(event.message)
  },
  message_delivered: (event) => conversations.delivered(event),
  message_read: (event) => {
    void conversations.read(event)
    const open = event.user_id === page.me.id ? panel.at(event.conversation_id) : undefined
    if (event.is_unread) open?.leaveUnread(event.message_id + 1, 'elsewhere')
    else open?.read(event.message_id)
  },
  message_starred: ({ conversation_id, message_id, is_starred }) => {
    panel.at(conversation_id)?.patch(message_id, (message) => ({ ...message, is_starred }))
  },
  conversation_updated: (event) => void conversations.conversationUpdated(event),
  conversation_removed: ({ conversation_id }) => {
    conversations.forget(conversation_id)
    void evictConversation(conversation_id)
    search.loaded?.forgetConversation(conversation_id)
    const leaving = conversations.leaving === conversation_id
    if (conversation_id === panel.open?.id && !leaving) panel.gone()
  },
  typing: (event) => typings.receive(event),
  draft_updated: (event) => kept.draft(event),
  scheduled_updated: (event) => kept.scheduled(event),
  presence: (event) => presences.receive(event),
}

const stream = new SharedStream(
  Object.keys(handlers) as PageEventName[],
  // The tab that has the stream may be of a later version, with events that are not known here.
  (name, data) => {
    handlers[name]?.(data)
    notices?.heard(name, data)
  },
  (connected) => {
    status.connected(connected)
    panel.connected(connected)
  },
)
outbox.start()
startHeartbeat()
followSignOut()
followKeyboard()
followRegions()
keepFocus()
void rows.load()
void panel.adopt(navigation.id).finally(draw)
whenIdle(async () => {
  const { startNotices } = await import('./notices/start.ts')
  notices = startNotices({ state, panel, navigation, stream, cacheList, inOneLine })
})
document.documentElement.classList.add('live')
