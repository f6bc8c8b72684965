import type { Attachment } from '../../server/contract/attachments.ts'
import type { Conversation } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import { qualified } from '../emoji/one-emoji.ts'
import { firstName } from '../people/avatar.ts'
import { pollMark } from '../polls/words.ts'
import type { Reader } from '../reader.ts'
import { lengthOf } from '../voice/words.ts'
import { lineText } from './system-line.ts'

type Named = Pick<Attachment, 'filename'> & Partial<Pick<Attachment, 'duration_ms' | 'waveform'>>
type Speaker = Pick<Reader, 't'>
type Summarized = Pick<Message, 'line' | 'content_text' | 'is_deleted' | 'poll'> & {
  attachments: Named[]
}

/** In no emoji: spares most pages compiling the pattern below, which names every emoji there is. */
const hasLatinLetter = /[a-z]/i
const fewEmoji = /^(?:\p{RGI_Emoji}\s*){1,3}$/v
/** Three emoji are shorter: spares testing long messages. */
const maxEmojiLength = 100

/** One to three emoji, which are shown large and without a bubble. */
export function isEmojiOnly(message: Message): boolean {
  const alone = !message.attachments.length && !message.link_preview && !message.reply_to
  const text = message.content_text?.trim() ?? ''
  if (!alone || message.is_deleted || text.length >= maxEmojiLength || hasLatinLetter.test(text)) return false
  return fewEmoji.test(qualified(text))
}

/**
 * The plain text of a message; a system line in the reader's language. One from a later version, which this page does
 * not know, has its sentence in the content.
 */
export const wordsOf = (
  { line, content_text }: Pick<Message, 'line' | 'content_text'>,
  { t }: Speaker,
): string => (line && lineText(line, t)) ?? content_text ?? ''

export function inOneLine(message: Summarized, reader: Speaker): string {
  const { t } = reader
  if (message.is_deleted) return t('messages.deleted')
  if (message.poll) return `${pollMark} ${message.poll.question}`
  const text = wordsOf(message, reader).replace(/\s+/gu, ' ').trim()
  const [file] = message.attachments
  return text || (file && fileWords(file, t)) || t('conversations.attachment')
}

/** How a file is called. */
export const fileWords = ({ filename, waveform, duration_ms = 0 }: Named, t: Speaker['t']): string =>
  waveform ? t('voice.message', { length: lengthOf(duration_ms) }) : filename

/** The second line of a conversation's row, with the sender. */
export function preview(conversation: Conversation, reader: Reader): string {
  const last = conversation.last_message
  if (!last) return reader.t('conversations.no_messages')
  const line = inOneLine(last, reader)
  if (last.kind === 'system') return line
  if (last.sender_id === reader.me?.id) return `${reader.t('conversations.you')}: ${line}`
  return conversation.is_group ? `${firstName(last.sender.display_name)}: ${line}` : line
}

/** `.pdf`: stays visible when a long name is truncated. */
export const fileEnding = (name: string): string => /(?:\.tar)?\.[\p{L}\p{N}]{1,8}$/u.exec(name)?.[0] ?? ''

/** 1,4 MB */
export function fileSize(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  const options = { style: 'unit', unit: units[step] as string, unitDisplay: 'short' } as const
  return new Intl.NumberFormat(locale, { ...options, maximumFractionDigits: step > 1 ? 1 : 0 }).format(
    bytes / 1024 ** step,
  )
}

/** One pill for each emoji, in the order of its first reaction. */
export function reactionPills(message: Message, me: number | undefined) {
  const byEmoji = Map.groupBy(message.reactions, (reaction) => reaction.emoji)
  return [...byEmoji].map(([emoji, given]) => ({
    emoji,
    count: given.length,
    names: given.map((reaction) => reaction.user_name).join(', '),
    mine: given.some((reaction) => reaction.user_id === me),
  }))
}
