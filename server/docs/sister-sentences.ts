import type { Sentence } from './sentence.ts'

const username = { conflict: 'The e-mail address or the username is taken.' }
const reactions = { conflict: 'The message has 50 different reactions already.' }
const socket = {
  summary: 'A WebSocket.',
  description: 'Its frames are described in [asyncapi.json](/api/asyncapi.json).',
}

/** The endpoints of the sister systems, whose declarations stand beside their translations. */
export const sisterSentences: Record<string, Sentence> = {
  'POST /auth/register': { summary: 'Create an account.', ...username },
  'POST /auth/login':
    'Sign in by e-mail or username: an access token for 15 minutes, a refresh token for 30 days.',
  'POST /auth/refresh': {
    summary: 'Exchange a refresh token for a new pair.',
    description: 'Each works once: a second use revokes all that came of the same sign-in.',
  },
  'POST /auth/logout': 'Revoke a refresh token, and all that came of the same sign-in.',
  'POST /chats': 'Open a 1:1 chat, or create a group.',
  'GET /chats': 'One’s chats.',
  'GET /chats/search': 'Find people by name.',
  'POST /messages': 'Send a message; its content is plain text.',
  'GET /messages': 'A page of a chat’s messages, the newest last.',
  'PATCH /messages/:id/edit': 'Edit one’s own message, within 24 h of sending it.',
  'DELETE /messages/:id/delete': 'Delete one’s own message.',
  'GET /users/me': 'The signed-in user.',
  'GET /ws': socket,

  'GET /api/v1/messages': 'A page of a chat’s messages.',
  'POST /api/v1/messages': 'Send a message; its content is plain text.',
  'PATCH /api/v1/messages/:id': 'Edit one’s own message, within 24 h of sending it.',
  'DELETE /api/v1/messages/:id': 'Delete one’s own message; the answer is what is left of it.',
  'POST /api/v1/messages/:id/forward': 'Forward a message to all of the chats, or to none.',
  'GET /api/v1/search': 'Messages in one’s chats that have all of these words, the newest first.',
  'POST /api/v1/media': 'Upload a file, to be sent in the payload of a message.',
  'POST /api/v1/messages/:id/reactions': { summary: 'React with one emoji.', ...reactions },
  'DELETE /api/v1/messages/:id/reactions/:emoji': 'Take one’s own reaction back.',
  'POST /api/v1/presence/typing': 'Say that one is typing, or has stopped; it ends by itself after 10 s.',
  'GET /api/v1/presence/typing/:chat_id': 'Who is typing in a chat.',
  'POST /api/v1/presence/heartbeat': 'Stay online for 5 minutes.',
  'GET /api/v1/presence/me': 'One’s own presence.',
  'GET /api/v1/presence/:user_id': 'Somebody’s presence.',
  'GET /api/v1/ws': socket,

  'GET /api/v1/realtime': socket,
  'GET /api/v1/presence/users': 'The presence of several people.',
  'GET /api/v1/presence/users/:id': 'Somebody’s presence.',
  'PATCH /api/v1/users/me/settings': 'Show or hide when one was last seen.',
}
