/** Every number that the server, the page and the documents share; no imports, so that the browser may have it too. */
export const limits = {
  /** Of a message's text: code points without line breaks, as `countCharacters` counts them. */
  messageCharacters: 20_000,
  /** Of a message's HTML, in UTF-8. */
  messageBytes: 64 * 1024,
  messageAttachments: 20,
  messageReactionKinds: 50,
  /** Links of a message that are listed among those of its conversation. */
  messageLinks: 20,
  /** People mentioned in a message; further mentions are plain text. */
  messageMentions: 50,
  /** For how long its sender can edit a message. */
  editWindowHours: 24,
  pollQuestionCharacters: 300,
  pollOptionCharacters: 100,
  pollMinOptions: 2,
  pollMaxOptions: 12,
  /** Of those who voted openly for an option, so many are named with it; the others for who asks. */
  pollNamed: 5,
  pollVoters: 1000,

  /** Of a recording made in the page. */
  voiceSeconds: 300,
  /** As how many peaks the page tells of it; and as how many a program may. */
  voicePeaks: 64,
  waveformPeaks: 128,

  /** Messages of a member that wait for their time, how far ahead that may be, and how long ago, by a clock that is slow. */
  scheduledMessages: 100,
  scheduledDays: 366,
  scheduledPastMs: 60_000,
  /** Drafts that are answered at once, the latest. */
  drafts: 200,

  /** Conversations that a message is forwarded to at a time. */
  forwardTargets: 10,
  /** Characters of a message that a reply quotes. */
  excerptCharacters: 140,
  /** Characters that a search shows of a message it found. */
  foundCharacters: 200,

  /** Of a group, its owner included. */
  groupMembers: 1000,
  /** Receipts, typing and presence are for groups up to this size; a larger one would drown in them. */
  smallGroupMembers: 100,
  conversationPins: 50,
  /** Conversations that a member has pinned to the top of their list. */
  pinnedConversations: 9,
  /** Unread messages are counted up to here; the page shows 99+. */
  unreadCount: 100,
  groupNameCharacters: 255,
  groupDescriptionCharacters: 2000,

  emailCharacters: 255,
  usernameCharacters: 50,
  displayNameCharacters: 100,
  passwordMinCharacters: 8,
  passwordMaxCharacters: 200,
  /** What is typed into a search box. */
  queryCharacters: 100,
  /** Fewer would find nearly everything. */
  searchMinCharacters: 2,
  filenameCharacters: 255,

  /** Pages of lists: by default, and at most. */
  messagePage: 50,
  conversationPage: 30,
  userPage: 20,
  searchPage: 20,
  sharedPage: 30,
  starredPage: 20,
  maxPage: 100,
  /** People whose presence is asked for at a time. */
  presenceIds: 200,

  /** Browsers and programs of a user that are told of new messages; a further one takes the place of the oldest. */
  pushSubscriptions: 20,
  pushEndpointCharacters: 2000,

  /** Messages that a client of Messenger Core marks as read at a time. */
  readMessages: 200,
  /** Of a frame that a client sends over a WebSocket. */
  frameBytes: 64 * 1024,

  /** A typing indicator ends by itself; that of clients that repeat it less often later than our page's. */
  typingMs: 3_000,
  nodusTypingMs: 10_000,
  presenceClientTypingMs: 5_000,
  /** How often our own page hears something on its stream. */
  streamHeartbeatMs: 15_000,
  /** How often a visible page says that somebody is there, and for how long that counts. */
  presenceHeartbeatMs: 30_000,
  presenceMs: 60_000,
  /** The same of a client of NODUS. */
  nodusPresenceMs: 5 * 60_000,
} as const
