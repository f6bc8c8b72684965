import choiceTemplate from '../../views/conversations/choice.eta'
import { handlesIn } from '../../views/people/handles.ts'
import chooseTemplate from '../../views/share/choose.eta'
import type { Choice } from '../api.ts'
import type { Conversations } from '../conversations/conversations.ts'
import { openDialog } from '../dialog.ts'
import { draw } from '../keyed.ts'
import { isEnter } from '../keys.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'
import { onNearEnd, onTypingPause } from '../search-list.ts'

/** Asks for one conversation. @param excerpt what is to be sent there @returns undefined when the dialog is closed */
export function chooseConversation(
  excerpt: string,
  conversations: Conversations,
): Promise<number | undefined> {
  const dialog = openDialog(renderTemplate(chooseTemplate, { excerpt }))
  const search = dialog.querySelector('input') as HTMLInputElement
  const list = dialog.querySelector('.people') as HTMLElement
  const hint = dialog.querySelector('.dialog__hint') as HTMLElement
  const choice = (): Choice => ({ filter: 'any', query: search.value.trim() })

  function show(): void {
    const handles = handlesIn(conversations.all, reader)
    const found = conversations.shown(choice())
    const rows = found.map((conversation) => {
      const data = { conversation, handle: handles.get(conversation.id), chosen: false }
      return { key: String(conversation.id), html: renderTemplate(choiceTemplate, data) }
    })
    draw(list, rows)
    hint.textContent =
      found.length || conversations.loaded(choice()) === 'nothing' ? '' : reader.t('forward.nothing')
  }
  // Without a network what is known has to do.
  const more = () =>
    conversations
      .loadMore(choice())
      .catch(() => {})
      .then(show)
  search.addEventListener('input', show)
  onTypingPause(search, () => conversations.loaded(choice()) === 'nothing' && void more())
  onNearEnd(list, () => conversations.loaded(choice()) !== 'all' && void more())
  show()
  void more()

  return new Promise((resolve) => {
    const choose = (button: HTMLElement | null | undefined) => {
      if (!button) return
      resolve(Number(button.dataset.conversation))
      dialog.close()
    }
    list.addEventListener('click', ({ target }) =>
      choose((target as Element).closest<HTMLElement>('[data-conversation]')),
    )
    search.addEventListener('keydown', (event) => {
      if (!isEnter(event)) return
      event.preventDefault()
      if (search.value.trim()) choose(list.querySelector<HTMLElement>('[data-conversation]'))
    })
    dialog.addEventListener('close', () => resolve(undefined))
  })
}
