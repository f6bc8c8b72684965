import type { Events } from '../server/live/events.ts'
import { Conversations } from './conversations/conversations.ts'
import { Navigation } from './conversations/navigation.ts'
import { NewDialog } from './conversations/new-dialog.ts'
import { Rows } from './conversations/rows.ts'
import type { ChangeName } from './messages/changes.ts'
import { Outbox } from './messages/outbox.ts'
import { page } from './page.ts'
import { Panel } from './panel.ts'
import { Status } from './status.ts'
import { Stream } from './stream.ts'
import { showTitle } from './title.ts'
import { followKeyboard } from './viewport.ts'

const conversations = new Conversations(page.me.id, page.list)
const outbox = new Outbox()
const panel = new Panel(conversations, outbox)
const navigation = new Navigation((id) => {
  rows.draw()
  void panel.show(id).finally(draw)
})
const rows = new Rows(conversations, () => navigation.id)
const dialog = new NewDialog((conversation) => {
  conversations.put(conversation)
  navigation.open(conversation.id)
})
const status = new Status()

function draw(): void {
  rows.draw()
  panel.open?.refresh()
  showTitle(panel.open && conversations.get(panel.open.id)?.title, conversations.unread)
}

function change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
  void conversations.changed(name, event)
  if (event.conversation_id === panel.open?.id) panel.open.change(name, event)
}

/** What nobody told us while there was no stream. */
async function catchUp(): Promise<void> {
  outbox.hurry()
  await Promise.allSettled([conversations.refresh(), panel.open?.catchUp()])
}

let drawing = false
conversations.onChange = () => {
  if (drawing) return
  drawing = true
  queueMicrotask(() => {
    drawing = false
    draw()
  })
}
outbox.onChange = (id) => id === panel.open?.id && panel.open.refresh()
outbox.onSent = (message) => {
  void conversations.received({ conversation_id: message.conversation_id, seq: message.seq, message })
  if (message.conversation_id === panel.open?.id) panel.open.receive([message])
}
document.addEventListener('click', ({ target }) => {
  const action = (target as Element).closest<HTMLElement>('[data-action]')?.dataset.action
  if (action === 'new') dialog.open()
  if (action === 'again') void panel.show(navigation.id).finally(draw)
})

new Stream(
  {
    connected: () => void catchUp(),
    resync: () => void catchUp(),
    new_message: (event) => {
      void conversations.received(event)
      if (event.conversation_id === panel.open?.id) panel.open.receive([event.message])
      outbox.remove(event.message.sender_id === page.me.id ? event.message.client_id : null)
    },
    message_edited: (event) => change('message_edited', event),
    message_deleted: (event) => change('message_deleted', event),
    reaction: (event) => change('reaction', event),
    message_pinned: (event) => change('message_pinned', event),
    message_updated: (event) => {
      conversations.updated(event)
      if (event.conversation_id === panel.open?.id) panel.open.update(event.message)
    },
    message_delivered: (event) => conversations.delivered(event),
    message_read: (event) => void conversations.read(event),
    conversation_updated: ({ conversation }) => conversations.put(conversation),
    conversation_removed: ({ conversation_id }) => {
      conversations.forget(conversation_id)
      if (conversation_id === panel.open?.id) panel.gone()
    },
  },
  (connected) => status.connected(connected),
)
outbox.start()
followKeyboard()
draw()
