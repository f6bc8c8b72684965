import { Eta } from 'eta'
import { linkedText } from '../../views/messages/linked.ts'
import type { LetterPage } from '../../views/notifications/letter-page.ts'
import { letterText } from '../../views/notifications/letter-text.ts'
import { mailTextsIn } from '../../views/notifications/texts/mail-texts.ts'
import { tidy } from '../../views/people/names.ts'
import { localeOf } from '../../views/texts/texts.ts'
import { clockOf, homeZone } from '../../views/times.ts'
import { config } from '../config.ts'
import { linkTo } from './links.ts'
import type { Contents } from './store.ts'

export interface Letter {
  to: { name: string; address: string }
  subject: string
  text: string
  html: string
  /** The same for every attempt to send this mail. */
  messageId: string
  /** The same for every mail about this conversation, so that mail clients show them as a thread. */
  threadId: string
  listId: string
  /** For RFC 8058: a POST to it switches e-mails off. */
  unsubscribe: string
}

/** Messages shown in a mail; the rest are only counted. */
export const maxMessages = 10
const maxExcerptCharacters = 600

const eta = new Eta({
  views: `${import.meta.dirname}/../../views/notifications`,
  autoEscape: true,
  cache: true,
})

/** The mail about these messages; its Message-ID is made from `letterId`. */
export function writeLetter(contents: Contents, letterId: number): Letter {
  const { conversationId, reader } = contents
  const page = pageOf(contents)
  const host = new URL(config.baseUrl).hostname
  return {
    to: { name: oneLine(reader.name), address: reader.email },
    subject: page.subject,
    text: letterText(page),
    html: eta.render('letter', page),
    messageId: `<rozmowa.${conversationId}.${reader.id}.${letterId}@${host}>`,
    threadId: `<rozmowa.${conversationId}@${host}>`,
    listId: `<${conversationId}.rozmowa.${host}>`,
    unsubscribe: page.off,
  }
}

function pageOf(contents: Contents): LetterPage {
  const { conversationId, isGroup, title: name, reader, onlyMentions, count, messages } = contents
  const locale = localeOf(reader.locale)
  const say = mailTextsIn(locale)
  // The reader's language is known, their time zone is not.
  const clock = clockOf(locale, homeZone)
  // For a 1:1 it is the sender, even when they have left since.
  const title = oneLine((isGroup ? name : messages[0]?.sender) || name)
  const userId = reader.id
  return {
    locale,
    say,
    linked: (line) => linkedText(line, ' style="color: inherit"'),
    subject: say('letter.subject', { title, count }),
    preview: oneLine(
      messages.map(({ sender, text, files }) => `${sender}: ${text || files.join(', ')}`).join(' · '),
    ),
    title,
    count: say('letter.count', { count }),
    messages: messages.map(({ sender, text, files, created_at }) => ({
      sender: oneLine(sender),
      time: clock.moment(created_at),
      lines: excerpt(text),
      files: files.map(oneLine),
    })),
    more: count > messages.length ? say('letter.more', { count: count - messages.length }) : undefined,
    why: onlyMentions ? say('letter.why_mentioned', { title }) : say('letter.why', { title, count }),
    link: `${config.baseUrl}/wiadomosci/${conversationId}`,
    mute: onlyMentions ? undefined : linkTo({ action: 'mute', userId, conversationId }),
    off: linkTo({ action: 'off', userId }),
  }
}

/** The first lines of a message; not cut within a word, which may be a URL. */
function excerpt(text: string): string[] {
  const whole = text.trimEnd()
  const start = [...whole].slice(0, maxExcerptCharacters).join('')
  const isMidWord = /^\S/.test(whole.slice(start.length))
  const words = isMidWord ? start.replace(/\s\S{0,300}$/, '') : start
  const short = start.length < whole.length ? `${words.trimEnd()}…` : whole
  return short ? short.split('\n').slice(0, 20) : []
}

/** A name for a header or heading: without line breaks and characters that change the direction of text. */
const oneLine = (text: string): string => [...tidy(text)].slice(0, 150).join('')
