import type { Conversation } from '../../server/contract/conversations.ts'
import { handlesIn } from '../../views/people/handles.ts'
import { otherOf } from '../../views/people/other.ts'
import { morph } from '../morph.ts'
import { reader } from '../page.ts'
import { render, toElement } from '../render.ts'
import type { State } from '../state.ts'

export function drawHead(conversation: Conversation, { conversations, presences, typings }: State): void {
  const presence = presences.get(otherOf(conversation, reader.me?.id)?.user_id)
  const typing = typings.words(conversation, reader.t)
  const handle = handlesIn(conversations.all, reader).get(conversation.id)
  const old = document.querySelector('#conversation > .head')
  if (old) morph(old, toElement(render('conversations/head', { conversation, handle, presence, typing })))
}
