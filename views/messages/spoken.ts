import type { Attachment } from '../../server/contract/attachments.ts'
import type { Message } from '../../server/contract/messages.ts'
import { isPicture } from '../attachments/pictures.ts'
import { names } from '../people/avatar.ts'
import type { Reader } from '../reader.ts'
import type { MessageItem } from './arrange.ts'
import { fileSize, fileWords, reactionPills, wordsOf } from './words.ts'

/** More files or people than this are announced as a number. */
const maxNamed = 4
/** Characters of a new message: those who want to hear more go to the message. */
const maxAnnounced = 300

/** What screen readers announce around a message's text: author and time before it, attachments and state after it. */
export function spoken(item: MessageItem, reader: Reader): { before: string; after: string } {
  const { message } = item
  const when = reader.clock.moment(message.created_at)
  const before = [author(message, reader), when, ...origin(message, reader)]
  const rest = [...files(message.attachments, reader), ...extras(message, reader), ...state(item, reader)]
  const after = rest.join(', ')
  const follows = after && (message.is_deleted || message.content_text)
  return { before: `${before.join(', ')}:`, after: follows ? `, ${after}` : after }
}

/** What screen readers announce when a message arrives. */
export function spokenNews(message: Message, reader: Reader): string {
  const text = wordsOf(message, reader).replace(/\s+/gu, ' ').trim()
  if (message.kind === 'system') return text
  const words = [...origin(message, reader), shortened(text), ...files(message.attachments, reader)]
  return `${author(message, reader)}: ${words.filter(Boolean).join(', ')}`
}

function shortened(text: string): string {
  const characters = [...text]
  return characters.length > maxAnnounced ? `${characters.slice(0, maxAnnounced).join('')}…` : text
}

const author = ({ sender, sender_id }: Message, { t, me }: Reader) =>
  sender_id === me?.id ? t('conversations.you') : sender.display_name

function origin({ forwarded_from, reply_to }: Message, { t, me }: Reader): string[] {
  const parts: string[] = []
  if (forwarded_from) parts.push(t('spoken.forwarded', { name: forwarded_from.sender_name }))
  if (reply_to) {
    const name = reply_to.sender_id === me?.id ? t('conversations.you') : reply_to.sender_name
    const words = reply_to.is_deleted
      ? t('messages.deleted')
      : reply_to.excerpt || t('conversations.attachment')
    parts.push(t('spoken.reply', { name, words }))
  }
  return parts
}

function files(attachments: Attachment[], reader: Reader): string[] {
  const { t, locale } = reader
  const rest = attachments.length - maxNamed
  const named = attachments
    .slice(0, maxNamed)
    .map((file) =>
      isPicture(file)
        ? t('spoken.photo', { name: file.filename })
        : file.waveform
          ? fileWords(file, t)
          : t('spoken.file', { name: file.filename, size: fileSize(file.size_bytes, locale) }),
    )
  return rest > 0 ? [...named, t('spoken.more_files', { rest })] : named
}

function extras(message: Message, { t, me }: Reader): string[] {
  const parts: string[] = []
  const { link_preview } = message
  if (link_preview) parts.push(t('spoken.link', { title: link_preview.title ?? link_preview.url }))
  const words = reactionPills(message, me?.id).map(
    ({ emoji, count, names }) => `${emoji} ${count > maxNamed ? count : names}`,
  )
  if (words.length) parts.push(t('spoken.reactions', { words: words.join(', ') }))
  return parts
}

function state({ message, receipt, readers }: MessageItem, { t }: Reader): string[] {
  if (message.is_deleted) return []
  const read =
    readers.length > maxNamed ? t('conversations.members', { count: readers.length }) : names(readers)
  return [
    message.is_pinned && t('spoken.pinned'),
    message.is_starred && t('stars.one'),
    message.edited_at && t('spoken.edited'),
    receipt && t(`spoken.${receipt.state}`),
    read && t('spoken.read_by', { names: read }),
  ].filter((words): words is string => Boolean(words))
}
