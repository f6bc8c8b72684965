import type { Attachment } from '../server/contract/attachments.ts'
import type { Conversation, ConversationPage, Member } from '../server/contract/conversations.ts'
import type { Message } from '../server/contract/messages.ts'
import type { Pin } from '../server/contract/pins.ts'
import type { Presence } from '../server/contract/presence.ts'
import type { Scheduled } from '../server/contract/scheduled.ts'
import type { SearchResult } from '../server/contract/search.ts'
import type { Shared } from '../server/contract/shared.ts'
import type { Profile, User } from '../server/contract/users.ts'
import type { Action } from './messages/actions.ts'
import type { LogItem } from './messages/arrange.ts'
import type { Further } from './messages/further.ts'
import type { MailTexts } from './notifications/texts/mail-texts.ts'
import type { PageData } from './page.ts'
import type { TextKey } from './texts/texts.ts'

/**
 * The data of each template, by its name, besides `r`, the reader. Type-checked at every render, on the server and in the
 * browser. Templates that are only included by others are not here.
 */
interface Templates extends LogTemplates {
  'accounts/register': { given: Record<string, unknown>; wrong?: PropertyKey[]; error?: TextKey }
  'accounts/settings': Nothing
  'accounts/sign-in': SignIn
  'attachments/lightbox': { file: Attachment; index: number; count: number; hasMessage: boolean }
  'attachments/tray-item': { upload: TrayItem }
  'conversations/choice': { conversation: Conversation; handle: string | undefined; chosen: boolean }
  'conversations/choose': Nothing
  'conversations/context': { words: string } & ({ editing: true } | { name: string })
  'conversations/details': Details
  'conversations/failed': Nothing
  'conversations/head': Head
  'conversations/loading': { conversation: Conversation | undefined; failed: boolean; waiting: true }
  'conversations/missing': Nothing
  'conversations/nothing': Nowhere
  'conversations/open': { conversation: Conversation; items: LogItem[]; pins: Pin[] } & Form
  'conversations/page': Page
  'conversations/printed': { conversation: Conversation }
  'conversations/removed': Nothing
  'conversations/row': Row
  'dialogs/add-people': Nothing
  'dialogs/date': { day: string; today: string }
  'dialogs/confirm': { title: string; text: string; action: string; danger: boolean }
  'dialogs/forward': { excerpt: string }
  'dialogs/later': { value: string; first: string; last: string }
  'dialogs/new': Nothing
  'dialogs/poll': Nothing
  'dialogs/poll-option': { number: number }
  'dialogs/people': { title: string; sections: PeopleSection[]; note?: string }
  'stars/list': Nothing
  'stars/star': { message: Message; title: string }
  'emoji/list': { emoji: { emoji: string; label: string; why: string }[] }
  'emoji/grid': Pick<EmojiGroup, 'emoji'>
  'emoji/picker': { groups: EmojiGroup[] }
  'errors/error': { kind: 'forbidden' | 'not_found' | 'unavailable' | 'server' }
  'menus/attach': Nothing
  'mentions/list': MentionList
  'menus/later': { choices: { at: string; label: string }[] }
  'menus/message': MessageMenu
  'menus/row': RowMenu
  'notifications/link': MailLink
  'people/card': {
    person: CardPerson
    presence: Presence | undefined
    call: string | undefined
    gone: boolean
  }
  'people/chosen': { person: User }
  'people/directory': DirectoryPage
  'people/profile': ProfilePage
  'people/found': { person: User; chosen: boolean }
  'pins/bar': { pins: Pin[] }
  'shared/dialog': Nothing
  'shared/file': { item: Shared }
  'shared/image': { item: Shared }
  'shared/link': { item: Shared }
  'shortcuts/help': { sections: ShortcutSection[]; isTouch: boolean; questionMark: boolean }
  'voice/player': { duration: number; peaks: number[] }
  'voice/recording': Nothing
  'scheduled/bar': { count: number; failed: boolean }
  'scheduled/items': { items: Scheduled[]; editable: boolean }
  'scheduled/list': { items: Scheduled[]; editable: boolean }
  'search/hit': {
    result: SearchResult
    part: 'messages' | 'files' | 'links'
    within: boolean
    current: boolean
  }
  'search/part-failed': { offline: boolean }
  'search/person': { person: User }
  'search/waiting': Nothing
  'share/choose': { excerpt: string }
  'pins/list': { pins: Pin[]; nameOf(userId: number): string | undefined }
}

export type TemplateName = keyof Templates

/** The data of a template; for a union of the log's templates, the union of their items. */
export type DataOf<Name extends TemplateName> = [Name] extends [LogItem['template']]
  ? { item: LogItem & { template: Name } }
  : Templates[Name]

/** The last argument of render functions: optional where a template needs nothing. */
export type Given<Name extends TemplateName> =
  Nothing extends DataOf<Name> ? [data?: DataOf<Name>] : [data: DataOf<Name>]

/** A precompiled template, as the browser imports it. */
export type Template<Data> = (this: unknown, it: Data) => string

type Nothing = Record<string, never>
type LogTemplates = { [Name in LogItem['template']]: { item: LogItem & { template: Name } } }

interface SignIn {
  email?: string | undefined
  error?: TextKey
  next: string | undefined
  registration: boolean
}

interface TrayItem {
  key: string
  name: string
  size: number
  state: 'waiting' | 'sending' | 'done' | 'failed'
  progress: number
  /** URL of a thumbnail. */
  picture?: string | undefined
  /** Why it failed: a key of the texts `attachments.…`. */
  problem?: string
  limit?: string
  canRetry?: boolean
}

interface Head {
  conversation: Conversation
  handle: string | undefined
  presence: Presence | undefined
  typing: string
}

interface Row extends Head {
  current: boolean
  /** By a search, which includes the archive. */
  found: boolean
  draft: string
}

interface Details {
  conversation: Conversation
  editing: boolean
  username: string | undefined
  presence: Presence | undefined
  members: { member: NonNullable<Conversation['members']>[number]; presence: Presence | undefined }[]
  searched: boolean
  /** `members` is not all of them. */
  more: boolean
}

/** How the composer sends without scripts. */
interface Form {
  /** UUID of the message to be written. */
  clientId?: string
  refused?: RefusedForm | undefined
}

export interface RefusedForm {
  content: string
  error: TextKey
}

interface Page extends Form {
  list: ConversationPage
  panel: 'open' | 'choose' | 'missing'
  conversation: Conversation | null
  items: LogItem[] | undefined
  pins: Pin[] | undefined
  /** Unless nothing was searched for. */
  found: Found | undefined
  page: PageData
}

interface Nowhere {
  icon: string
  headline: string
  text: string
  create?: boolean
  searchAgain?: boolean
}

/** What a search without scripts has found: the first of each. */
export interface Found {
  query: string
  conversations: Conversation[]
  messages: SearchResult[]
  files: SearchResult[]
}

interface PeopleSection {
  title: string
  people: { id: number; name: string; url: string | null | undefined; aside: string }[]
}

interface ShortcutSection {
  title: TextKey
  /** Of each line the alternatives, each with the keys that are pressed together. */
  lines: { keys: string[][]; about: TextKey }[]
}

interface EmojiGroup {
  name: string
  sign: string
  emoji: { emoji: string; label: string }[]
}

interface MentionList {
  people: { member: Member; handle: string | undefined }[]
  /** How many more there are. */
  more: number
}

interface MessageMenu {
  emoji: { emoji: string; mine: boolean }[]
  items: { choice: Action | Further; icon: string; danger: boolean }[]
  lines: string[]
}

interface RowMenu {
  title: string
  items: { choice: string; icon: string; words: string }[]
  line: string
}

interface MailLink {
  say: MailTexts
  title: string
  text?: string
  submit?: string
  action?: string
  isDone?: boolean
}

export interface DirectoryPage {
  sections: {
    letter: string
    listed: { member: User & Pick<Profile, 'role'>; presence: Presence | undefined }[]
  }[]
  /** The cursor of the next page. */
  next: string | null
  query: string
  letter: string | undefined
  isFirst: boolean
  /** Those to begin with. */
  letters: string[]
}

interface ProfilePage {
  profile: Profile
  presence: Presence | undefined
  /** The `tel:` target of the phone. */
  call: string | undefined
  /** In common. */
  groups: { id: number; name: string; member_count: number }[]
  /** Where the reader came from. */
  back: string
}

/** What is known of someone from a name on the page. */
type CardPerson = Pick<User, 'id' | 'display_name' | 'avatar_url'> & Partial<Omit<Profile, 'is_blocked'>>
