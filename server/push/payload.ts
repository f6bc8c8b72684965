import { createHash } from 'node:crypto'
import { inOneLine } from '../../views/messages/words.ts'
import { tidy } from '../../views/people/names.ts'
import { localeOf, textsIn } from '../../views/texts/texts.ts'
import { config } from '../config.ts'
import { limits } from '../contract/limits.ts'
import type { PushPayload } from '../contract/push.ts'
import type { Notice } from './store.ts'

const maxNameCharacters = 100

/**
 * What a browser is told, as JSON, in the member's language: at most 3 KiB, so that it fits into what every push service
 * takes. In a group the body begins with the sender; the title of a 1:1 is the sender.
 */
export function payloadOf(notice: Notice): string {
  const { conversationId, messageId, isGroup, kind, sender, unreadCount } = notice
  const words = shortened(tidy(wordsOf(notice)), limits.excerptCharacters)
  const payload: PushPayload = {
    type: 'message',
    conversation_id: conversationId,
    message_id: messageId,
    title: nameOf(notice.title || sender),
    body: isGroup && kind === 'user' ? `${nameOf(sender)}: ${words}` : words,
    unread_count: unreadCount,
    url: `${config.baseUrl}/wiadomosci/${conversationId}`,
  }
  return JSON.stringify(payload)
}

const nameOf = (name: string) => shortened(tidy(name), maxNameCharacters)

function wordsOf({ line, text, file, locale }: Notice): string {
  const attachments = file === null ? [] : [{ filename: file }]
  const message = { line, content_text: text, attachments, is_deleted: false }
  return inOneLine(message, { t: textsIn(localeOf(locale)) })
}

function shortened(text: string, max: number): string {
  const characters = [...text]
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : text
}

/**
 * Of pushes with one topic the push service keeps only the newest. It sees the topic: made with a secret of the
 * subscription, so that nobody can tell from it who talks to whom.
 */
export const topicOf = ({ conversationId, auth }: Notice): string =>
  createHash('sha256').update(`${auth}:${conversationId}`).digest('base64url').slice(0, 32)
