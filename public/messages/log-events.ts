import type { Message } from '../../server/contract/messages.ts'
import { whenIdle } from '../idle.ts'
import { showNotice } from '../notice.ts'
import { reader } from '../page.ts'
import { takeBack, vote } from '../polls/vote.ts'
import { toggleReaction } from '../reactions/toggle.ts'
import type { Host } from './host.ts'
import { onLongPress } from './long-press.ts'

/** Clicks, right clicks and long presses in the log; all of it works by keyboard as well. */
export function followLog(log: HTMLElement, host: Host, signal: AbortSignal): void {
  log.addEventListener('click', (event) => click(host, event), { signal })
  log.addEventListener('keydown', (event) => press(event), { signal })
  log.addEventListener('contextmenu', (event) => contextMenu(host, event), { signal })
  onLongPress(log, (target) => longPress(host, target), signal)
  if (matchMedia('(any-pointer: coarse)').matches)
    whenIdle(
      () =>
        void import('./swipe-reply.ts').then(
          ({ followSwipes }) => followSwipes(log, host, signal),
          () => {},
        ),
    )
}

function click(host: Host, event: MouseEvent): void {
  const target = event.target as Element
  const quote = target.closest<HTMLElement>('[data-reply-to]')
  if (quote) {
    event.preventDefault()
    host.show(Number(quote.dataset.replyTo))
    return
  }
  const button = target.closest<HTMLElement>('[data-action]')
  const { action, emoji, attachmentId, option } = button?.dataset ?? {}
  const client_id = target.closest<HTMLElement>('[data-client-id]')?.dataset.clientId
  if (action === 'retry' && client_id) host.state.outbox.retry(client_id)
  if (action === 'take-back' && client_id) host.editUnsent(client_id)
  if (action === 'discard' && client_id) discard(host, client_id)
  const message = messageAt(host, target)
  if (!button || !message) return
  if (action === 'more') void openMenu(host, message, button)
  if (action === 'react' && emoji) void toggleReaction(host, message, emoji)
  if (action === 'vote') vote(host, message, Number(option))
  if (action === 'take-vote-back') takeBack(host, message)
  if (action === 'voters') void showPollVoters(host, message)
  if (action === 'remove-preview')
    void import('./remove-preview.ts').then(({ removePreview }) => removePreview(host, message))
  if (action === 'readers') void showReaders(message)
  if (action !== 'photo' || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  void import('../attachments/lightbox.ts').then(({ openLightbox }) =>
    openLightbox(host.messages(), Number(attachmentId)),
  )
}

/** A mention is a button within the text, which a real button would cut off from it when it is copied. */
function press(event: KeyboardEvent): void {
  const button = (event.target as Element).closest<HTMLElement>('.mention[role="button"]')
  if (!button || (event.key !== 'Enter' && event.key !== ' ')) return
  event.preventDefault()
  button.click()
}

function discard({ state: { outbox }, conversation }: Host, client_id: string): void {
  const { id } = conversation()
  const left = outbox.remove(client_id)
  if (!left) return
  const undo = { label: reader.t('messages.undo'), act: () => outbox.addFailed(id, left) }
  showNotice(reader.t('messages.discarded'), undo)
}

/** Links, pictures and selected text keep the browser's own menu. */
function contextMenu(host: Host, event: MouseEvent): void {
  const target = event.target as Element
  const isTouch = (event as PointerEvent).pointerType === 'touch'
  if (isTouch) event.preventDefault()
  if (isTouch || target.closest('a, img') || !getSelection()?.isCollapsed) return
  const message = messageAt(host, target)
  if (!message?.id || message.is_deleted || message.kind === 'system') return
  event.preventDefault()
  // The menu key has no coordinates.
  const keyboard = event.button !== 2 && !event.clientX
  const beside = keyboard ? target : new DOMRect(event.clientX, event.clientY, 0, 0)
  void openMenu(host, message, beside)
}

function longPress(host: Host, target: Element): boolean {
  const message = messageAt(host, target)
  if (!message) return false
  navigator.vibrate?.(10)
  if (target.closest('.reaction')) void showWhoReacted(host, message)
  else void openMenu(host, message, target.closest('article') ?? target)
  return true
}

// Loaded when the page is idle, or when it is opened before that.
const menu = () => import('./message-menu.ts')
whenIdle(() => void menu().catch(() => {}))

async function openMenu(host: Host, message: Message, beside: Element | DOMRect): Promise<void> {
  const { openMessageMenu } = await menu()
  openMessageMenu(host, message, beside)
}

async function showReaders(message: Message): Promise<void> {
  const { showReaders } = await import('./readers.ts')
  showReaders(message)
}

async function showWhoReacted(host: Host, message: Message): Promise<void> {
  const { showWhoReacted } = await import('../reactions/who.ts')
  showWhoReacted(message, host.conversation().members ?? [])
}

async function showPollVoters(host: Host, message: Message): Promise<void> {
  const { showVoters } = await import('../polls/voters.ts')
  await showVoters(host, message)
}

function messageAt(host: Host, target: Element): Message | undefined {
  const id = target.closest<HTMLElement>('[data-message-id]')?.dataset.messageId
  return id ? host.find(Number(id)) : undefined
}
