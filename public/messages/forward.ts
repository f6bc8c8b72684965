import type { Conversation } from '../../server/contract/conversations.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Message } from '../../server/contract/messages.ts'
import choiceTemplate from '../../views/conversations/choice.eta'
import forwardTemplate from '../../views/dialogs/forward.eta'
import { inOneLine } from '../../views/messages/words.ts'
import { handlesIn } from '../../views/people/handles.ts'
import { api, type Choice } from '../api.ts'
import type { Conversations } from '../conversations/conversations.ts'
import { openDialog } from '../dialog.ts'
import { draw } from '../keyed.ts'
import { isEnter } from '../keys.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import { renderTemplate } from '../render.ts'
import { onNearEnd, onTypingPause } from '../search-list.ts'

/** Forwards to all of the chosen conversations, or to none. */
export function openForward(message: Message, conversations: Conversations): void {
  const { t } = reader
  const dialog = openDialog(renderTemplate(forwardTemplate, { excerpt: inOneLine(message, reader) }))
  const search = dialog.querySelector('input') as HTMLInputElement
  const list = dialog.querySelector('.people') as HTMLElement
  const hint = dialog.querySelector('.dialog__hint') as HTMLElement
  const submit = dialog.querySelector<HTMLButtonElement>('[data-action="submit"]') as HTMLButtonElement
  const chosen = new Set<number>()
  let refused = false
  let failed = false
  let handles = new Map<number, string>()

  function show(): void {
    handles = handlesIn(conversations.all, reader)
    const found = conversations.shown(choice())
    draw(list, found.map(row))
    submit.disabled = !chosen.size
    hint.textContent = words(found.length)
  }

  function choice(): Choice {
    return { filter: 'any', query: search.value.trim() }
  }

  async function more(): Promise<void> {
    failed = await conversations.loadMore(choice()).then(
      () => false,
      () => true,
    )
    show()
  }

  function words(found: number): string {
    if (!found && failed) return t('new.failed')
    if (!found) return conversations.loaded(choice()) === 'nothing' ? '' : t('forward.nothing')
    if (refused) return t('forward.most')
    return chosen.size ? t('forward.chosen', { count: chosen.size }) : t('forward.hint')
  }

  function row(conversation: Conversation) {
    const html = renderTemplate(choiceTemplate, {
      conversation,
      handle: handles.get(conversation.id),
      chosen: chosen.has(conversation.id),
    })
    return { key: String(conversation.id), html }
  }

  function choose(id: number): void {
    const taken = chosen.delete(id)
    refused = !taken && chosen.size === limits.forwardTargets
    if (!taken && !refused) chosen.add(id)
    show()
  }

  async function forward(): Promise<void> {
    submit.disabled = true
    try {
      await api.forward(message.id, [...chosen])
      dialog.close()
      showNotice(t('forward.done', { count: chosen.size }))
    } catch {
      hint.textContent = t('forward.failed')
      submit.disabled = false
    }
  }

  search.addEventListener('input', show)
  onTypingPause(search, () => conversations.loaded(choice()) === 'nothing' && void more())
  search.addEventListener('keydown', (event) => {
    if (!isEnter(event)) return
    event.preventDefault()
    const first = list.querySelector<HTMLElement>('[data-conversation]')
    if (search.value.trim() && first) choose(Number(first.dataset.conversation))
  })
  list.addEventListener('click', ({ target }) => {
    const id = (target as Element).closest<HTMLElement>('[data-conversation]')?.dataset.conversation
    if (id) choose(Number(id))
  })
  onNearEnd(list, () => conversations.loaded(choice()) !== 'all' && void more())
  submit.addEventListener('click', () => void forward())
  show()
  void more()
}
