import type { Conversation } from '../server/contract/conversations.ts'
import { fitted, isLong, isPicture } from './attachments/pictures.ts'
import { linked, linkedText } from './messages/linked.ts'
import { receiptLines } from './messages/receipts.ts'
import { spoken } from './messages/spoken.ts'
import { timePlace } from './messages/time-place.ts'
import {
  fileEnding,
  fileSize,
  fileWords,
  inOneLine,
  isEmojiOnly,
  preview,
  reactionPills,
  wordsOf,
} from './messages/words.ts'
import { initials, names, tint } from './people/avatar.ts'
import { handlesIn, handlesOf } from './people/handles.ts'
import { otherOf } from './people/other.ts'
import { presenceWords } from './people/presence.ts'
import { isClosed, pollOf, pollTerms, pollTotal, shownOptions, votesOf } from './polls/words.ts'
import type { Reader } from './reader.ts'
import { isPlayable, lengthOf } from './voice/words.ts'

/** The id that determines a conversation's colour: the other person's, or the group's own. */
function otherId(conversation: Conversation, { me }: Reader): number {
  return conversation.is_group ? conversation.id : (otherOf(conversation, me?.id)?.user_id ?? me?.id ?? 0)
}

/** The class of a block, and those of what it is at the moment: `message message--mine`. */
function classes(block: string, states: Record<string, unknown>): string {
  return [block, ...Object.keys(states).flatMap((state) => (states[state] ? `${block}--${state}` : []))].join(
    ' ',
  )
}

/** The functions available in every template, besides `t` for texts and `e` to escape. */
export const words = {
  classes,
  fileEnding,
  fileSize,
  fileWords,
  fitted,
  handlesIn,
  handlesOf,
  initials,
  inOneLine,
  isPlayable,
  isClosed,
  isEmojiOnly,
  isLong,
  isPicture,
  lengthOf,
  linked,
  linkedText,
  names,
  otherId,
  pollOf,
  pollTerms,
  pollTotal,
  presenceWords,
  preview,
  reactionPills,
  receiptLines,
  shownOptions,
  spoken,
  timePlace,
  tint,
  votesOf,
  wordsOf,
}

/** For compiling templates, on the server and for the browser. */
export const templateOptions = {
  autoEscape: true,
  functionHeader: `const r = it.r, t = r.t, e = this.config.escapeFunction, { ${Object.keys(words).join(', ')} } = this.words`,
}
