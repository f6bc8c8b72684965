/**
 * Equivalent mutants: the service behaves the same with them, as seen from outside.
 * The file, the line, what is written in place of what (as the report prints all three), and why.
 */
export const equivalents: [file: string, code: string, fault: string, why: string][] = [
  [
    'server/live/stream.ts',
    'const queue = this.#queue ?? []',
    '[] → ["Stryker was here"]',
    'a stream goes live once, and until then has its queue',
  ],
  [
    'server/web/session.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a line of code
    "const cookie = req.get('cookie')?.match(new RegExp(`(?:^|; )${cookieName}=([^;]+)`))?.[1]",
    "req.get('cookie')?.match → req.get('cookie').match",
    'a request with a session has sent its cookie',
  ],
  [
    'server/presence/in-process-register.ts',
    "if (expiry > Date.now()) devices.set('/leaving', Date.now() + grace)",
    'expiry > Date.now() → expiry >= Date.now()',
    'differs only in that very millisecond',
  ],
  [
    'server/presence/in-process-register.ts',
    "note(userId, 'no', (devices) => {",
    '\'no\' → ""',
    'anything but yes and if-new means no',
  ],
  [
    'server/reactions/store.ts',
    'if (ids.length === 0) return new Map()',
    'ids.length === 0 → false',
    'for no messages the database finds no reactions either',
  ],
  [
    'server/notifications/post.ts',
    "const { code = '', command = '', responseCode = 0, response } = error",
    '\'\' → "Stryker was here!"',
    'an unknown code or command is treated like none',
  ],
  [
    'server/notifications/decide.ts',
    'if (userIds.length === 0) return',
    'userIds.length === 0 → false',
    'for no users the database leaves no jobs either',
  ],
  [
    'server/conversations/store.ts',
    'directMembers(rows.filter((row) => !row.is_group).map((row) => row.id)),',
    'rows.filter((row) => !row.is_group) → rows',
    'the members of groups are queried too, but not shown',
  ],
]
