import { limits } from '../../server/contract/limits.ts'
import type { Message } from '../../server/contract/messages.ts'

export type Action = 'reply' | 'react' | 'forward' | 'pin' | 'unpin' | 'edit' | 'delete' | 'copy'

const editWindowMs = limits.editWindowHours * 60 * 60 * 1000

/** What the page offers, in the order of the menu; `changes/rights.ts` on the server has the final say. */
export function actionsFor(message: Message, me: number | undefined, now = Date.now()): Action[] {
  if (!message.id || message.is_deleted || message.kind === 'system') return []
  const mine = message.sender_id === me
  const may: [Action, boolean][] = [
    ['reply', true],
    ['react', true],
    ['forward', true],
    [message.is_pinned ? 'unpin' : 'pin', true],
    ['edit', mine && !message.poll && now - Date.parse(message.created_at) < editWindowMs],
    ['delete', mine],
    ['copy', Boolean(message.content_text)],
  ]
  return may.filter(([, allowed]) => allowed).map(([action]) => action)
}
