import type { EndpointName } from '../contract/endpoints.ts'
import type { Sentence } from './sentence.ts'
import { sisterSentences } from './sister-sentences.ts'

/** Every endpoint of the contract: one without a sentence here does not compile. */
const nativeSentences: Record<EndpointName, Sentence> = {
  'POST /api/auth/register': {
    summary: 'Create an account, and sign in to it.',
    description: 'Where registration is closed, the answer is 403.',
    conflict: 'The e-mail address or the username is taken.',
  },
  'POST /api/auth/login': {
    summary: 'Sign in: the answer sets the session cookie.',
    description: 'An unknown e-mail address and a wrong password get the same 401, in the same time.',
  },
  'POST /api/auth/logout': 'Sign out: the session and its open streams end.',

  'GET /api/users/me': 'The signed-in user, with their own settings.',
  'PATCH /api/users/me/settings': 'Change one’s own settings; what is left out stays.',
  'GET /api/users': {
    summary: 'The member directory, by name.',
    description:
      'Active members whose name, username or company contains the query, without regard to case or Polish diacritics.',
  },
  'GET /api/users/presence': {
    summary: 'Who is online, away or offline.',
    description: 'Who shares no conversation with the caller is left out.',
  },
  'GET /api/users/:id': 'An active member, with what the portal says of them.',
  'POST /api/presence/heartbeat': {
    summary: 'Stay present for 60 s.',
    description: 'For clients without a stream, every 30 s.',
  },

  'GET /api/conversations': {
    summary: 'One’s conversations, the most recently changed first.',
    description:
      'Pinned ones have their place among them, too; those that are further down come in `pinned`, with the first page.',
  },
  'POST /api/conversations': {
    summary: 'Open a 1:1 conversation, or create a group.',
    description:
      'A 1:1 exists once: opened again, the answer is 200. With one’s own id it is a place for notes to oneself. Who creates a group owns it.',
  },
  'GET /api/conversations/:id': 'A conversation, with its members.',
  'PATCH /api/conversations/:id': 'Change a group’s name or description; any member may.',
  'DELETE /api/conversations/:id': {
    summary: 'Delete a group for all of its members; its owner may.',
    description: 'For 30 days an administrator can restore it.',
  },
  'PATCH /api/conversations/:id/settings': {
    summary: 'Choose what one is notified of in a conversation, pin or archive it, for oneself.',
    description:
      'That a conversation `is_muted` says no more than that `notify` is not `all`. `muted_until` mutes for a time. What is archived is pinned no more, and what is pinned leaves the archive.',
    conflict: 'Nine conversations are pinned already.',
  },
  'POST /api/conversations/:id/members': {
    summary: 'Add members to a group; its owner may.',
    conflict: 'Someone in the list is a member already.',
  },
  'DELETE /api/conversations/:id/members/:user_id': {
    summary: 'Remove a member from a group, or leave it.',
    description: 'An owner removes anyone; one who leaves hands over to the longest-standing member.',
  },
  'POST /api/conversations/:id/typing': {
    summary: 'Say that one is typing, or has stopped.',
    description: 'It ends by itself after 3 s. In groups of more than 100 members nobody is told.',
  },
  'POST /api/conversations/:id/read': {
    summary: 'Mark as read up to a message, or all.',
    description: 'This moves no read position back.',
  },
  'POST /api/conversations/:id/unread': {
    summary: 'Mark a message, and all that follow it, as unread, for oneself.',
    description:
      'Without `message_id`, the newest of somebody else. The others go on seeing how far one has read, and no mail or push is sent anew. Reading on, or answering, ends it.',
  },
  'GET /api/conversations/:id/changes': {
    summary: 'What changed after a seq.',
    description:
      'For a client that was away: every message that was sent or changed since, in its present state. Ask again with the answer’s `seq` while `has_more`.',
  },
  'GET /api/conversations/:id/pins': 'The pinned messages.',
  'GET /api/conversations/:id/files': {
    summary: 'What a conversation’s messages share: its pictures, other files, or links.',
    description: 'The newest first. A link has the title of its preview, if there is one.',
  },
  'GET /api/conversations/:id/messages': {
    summary: 'A page of messages: the newest, or those before, after or around a message.',
    description:
      'At most one of `before_id`, `after_id`, `around_id` and `at`. Inside a page they ascend by id.',
  },
  'POST /api/conversations/:id/messages': {
    summary: 'Send a message.',
    description:
      'Sent again with the same `client_id`, a UUID, it is not sent twice: the answer is 200 with the first one. The content is HTML or plain text, and is sanitized; it may be empty when there are attachments. It ends one’s draft in the conversation. With `send_at` it waits for that time, within a year, and the answer is `{scheduled}`.',
    conflict: 'With `send_at`: 100 messages are waiting already.',
  },
  'GET /api/conversations/:id/draft': {
    summary: 'What one has begun to write there, on whichever device.',
    description: 'Empty, where there is nothing.',
  },
  'PUT /api/conversations/:id/draft': {
    summary: 'Keep what one has begun to write.',
    description:
      'The `version` is that of the draft one continues. The content is sanitized as a message’s is, and may be empty. One’s other devices are told by `draft_updated`.',
    conflict:
      'It was changed, sent or deleted since: the answer also has the newer one, as `draft`. What is to be kept nevertheless is sent again with its version.',
  },
  'DELETE /api/conversations/:id/draft':
    'Forget what one has begun to write; what was saved before cannot bring it back.',
  'GET /api/drafts': 'All that one has begun to write, the latest first; for a client that was away.',
  'POST /api/conversations/:id/polls': {
    summary: 'Ask a question with 2 to 12 options to vote for.',
    description:
      'Of a secret poll nobody is told who voted for what, not even whoever asked. Sent again with the same `client_id`, a UUID, it is not asked twice: the answer is 200 with the first one.',
  },

  'GET /api/messages/stream': {
    summary: 'One’s events as they happen, as Server-Sent Events.',
    description:
      'The events are described in [asyncapi.json](/api/asyncapi.json). A client that reconnects sends the id of the last event it got, as `Last-Event-ID` or in the query, and gets what it missed.',
  },
  'POST /api/messages/upload': {
    summary: 'Upload a file, to be sent with a message.',
    description:
      'Name its id in `attachment_ids`. Until then it belongs to the uploader, and is removed after 24 h. Where files are checked for viruses, one that is infected is refused with 400 and the code `infected`. A voice message is audio with its `duration_ms` and, as `waveform`, up to 128 peaks of 0 to 100: `12,70,100`.',
  },
  'GET /api/messages/scheduled':
    'One’s own messages that wait for their time, the next first; also those that could not be sent.',
  'PATCH /api/messages/scheduled/:id': {
    summary: 'Change text or time of a message that waits.',
    description:
      'Without a time (`null`) it is sent at once. One’s other devices are told by `scheduled_updated`.',
    conflict: 'It is being sent right now.',
  },
  'DELETE /api/messages/scheduled/:id': {
    summary: 'Cancel a message that waits.',
    conflict: 'It is being sent right now.',
  },
  'PATCH /api/messages/:id': 'Edit one’s own message, within 24 h of sending it.',
  'DELETE /api/messages/:id': {
    summary: 'Delete one’s own message.',
    description: 'Content, attachments, preview, reactions and pin are gone; that there was a message stays.',
  },
  'DELETE /api/messages/:id/preview': 'Remove the link preview of one’s own message, for good.',
  'POST /api/messages/:id/forward': 'Forward a message to all of the conversations, or to none.',
  'POST /api/messages/:id/reactions': {
    summary: 'React with one emoji.',
    conflict: 'The message has 50 different reactions already.',
  },
  'DELETE /api/messages/:id/reactions/:emoji': 'Take one’s own reaction back.',
  'GET /api/messages/:id/voters': {
    summary: 'Who voted for what in an open poll.',
    description: 'At most 1,000 people. Of a secret poll the answer is 403.',
  },
  'PUT /api/messages/:id/votes': {
    summary: 'Vote in a poll; this replaces one’s earlier vote.',
    description: 'An empty list takes it back. Once the poll is closed, the answer is 403.',
  },
  'POST /api/messages/:id/pin': {
    summary: 'Pin a message.',
    conflict: 'The conversation has 50 pins already.',
  },
  'DELETE /api/messages/:id/pin': 'Unpin a message.',
  'POST /api/messages/:id/star': 'Star a message, for oneself.',
  'DELETE /api/messages/:id/star': 'Take one’s star away.',
  'GET /api/messages/starred': {
    summary: 'The messages that one has starred, the newest star first.',
    description: 'Those in conversations that one is a member of; deleted ones are gone.',
  },
  'GET /api/messages/:id/readers': {
    summary: 'Who has read a message, whom it has reached, and how many others there are.',
    description:
      'Any member of the conversation may ask, whatever its size. Who hides when they were last seen is only counted.',
  },

  'GET /api/attachments/:id': 'An attached file, for members of its conversation.',
  'GET /api/attachments/:id/thumbnail': 'A small picture of an attached image.',
  'GET /api/search': {
    summary: 'Messages in one’s conversations that have all of these words, the newest first.',
    description:
      'A word of the query is found by its beginning, within longer words, in its other forms (Polish and English), and, where nothing else has it, by what is like it; a single letter is a whole word. Case and diacritics do not matter. `kind` narrows it to messages with files, which are also found by their names, or with a link. The excerpt is HTML with no other tag than `<mark>`.',
  },

  'GET /api/push/key': 'The key with which a browser subscribes to Web Push.',
  'POST /api/push/subscriptions': 'Subscribe this browser.',
  'DELETE /api/push/subscriptions': 'Unsubscribe it.',

  'GET /api/previews/:name': 'The picture of a link preview.',
}

const sentences: Record<string, Sentence> = { ...nativeSentences, ...sisterSentences }

/** @param name method and path of an endpoint */
export function sentenceOf(name: string): Exclude<Sentence, string> | undefined {
  const found = sentences[name]
  return typeof found === 'string' ? { summary: found } : found
}
