import type { Conversation } from '../../server/contract/conversations.ts'
import type { Events } from '../../server/contract/events.ts'
import { limits } from '../../server/contract/limits.ts'
import { typingWords } from '../../views/people/typing.ts'
import type { Texts } from '../../views/texts/texts.ts'

/** After which typing ends even if the event for its end is lost: later than that of whatever client. */
const maxTypingMs = limits.nodusTypingMs + 1000

interface Typist {
  name: string
  timer: number
}

export class Typings {
  onChange: () => void = () => {}
  #typists = new Map<number, Map<number, Typist>>()

  receive({ conversation_id, user_id, display_name, is_typing }: Events['typing']): void {
    if (is_typing) this.#start(conversation_id, user_id, display_name)
    else this.stop(conversation_id, user_id)
  }

  #start(conversation_id: number, user_id: number, name: string): void {
    const typists = this.#typists.get(conversation_id) ?? new Map<number, Typist>()
    this.#typists.set(conversation_id, typists)
    clearTimeout(typists.get(user_id)?.timer)
    const timer = setTimeout(() => this.stop(conversation_id, user_id), maxTypingMs)
    typists.set(user_id, { name, timer })
    this.onChange()
  }

  /** Also when the message has arrived. */
  stop(conversationId: number, userId: number): void {
    const typist = this.#typists.get(conversationId)?.get(userId)
    if (!typist) return
    clearTimeout(typist.timer)
    this.#typists.get(conversationId)?.delete(userId)
    this.onChange()
  }

  words({ id, is_group }: Conversation, t: Texts): string {
    const names = [...(this.#typists.get(id)?.values() ?? [])].map((typist) => typist.name)
    return typingWords(names, is_group, t)
  }
}
