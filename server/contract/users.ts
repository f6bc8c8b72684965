import { z } from 'zod'
import { cursorText } from './cursor.ts'
import { canonicalEmail, emailAddress } from './email.ts'
import { idNumber, line, pageLimit, searched, text, time } from './fields.ts'
import { limits } from './limits.ts'

export const User = z.object({
  id: idNumber,
  username: z.string(),
  display_name: z.string(),
  company: z.string().nullable(),
  avatar_url: z.string().nullable(),
})
export type User = z.infer<typeof User>

export const Locale = z.enum(['pl', 'en'])
export type Locale = z.infer<typeof Locale>
export const TextSize = z.enum(['small', 'normal', 'large', 'huge'])
export type TextSize = z.infer<typeof TextSize>

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00')

/** An IANA name; an offset would mean something else to the database. */
const timeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][\w+/-]*$/)
  .refine(isTimeZone, 'must be a time zone such as Europe/Warsaw')

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

/** When nothing rings or pops up, every day by the clock on the wall there; past midnight if `to` is before `from`. */
export const QuietHours = z
  .object({ from: wallTime, to: wallTime, time_zone: timeZone })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must differ from `from`' })
export type QuietHours = z.infer<typeof QuietHours>

/** The signed-in user, as only they themselves see it. */
export const OwnUser = User.extend({
  email: z.string(),
  locale: z.string(),
  notify_email_messages: z.boolean(),
  show_last_seen: z.boolean(),
  text_size: TextSize,
  quiet_hours: QuietHours.nullable(),
  /** Whether Enter sends a message; otherwise it breaks the line, and Ctrl+Enter sends. */
  enter_sends: z.boolean(),
  created_at: time,
})
export type OwnUser = z.infer<typeof OwnUser>

/** What members see of each other: what the portal says of them, too. */
export const Profile = User.extend({
  role: z.string().nullable(),
  phone: z.string().nullable(),
  /** By the viewer. */
  is_blocked: z.boolean(),
})
export type Profile = z.infer<typeof Profile>

export const UserPage = z.object({
  users: z.array(User),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
})
export type UserPage = z.infer<typeof UserPage>

const email = line(limits.emailCharacters)
  .transform(canonicalEmail)
  .pipe(emailAddress.max(limits.emailCharacters))
const displayName = line(limits.displayNameCharacters)

/** As people type them into a form or a program sends them; also what the pages validate with. */
export const RegistrationBody = z.object({
  email,
  username: line(limits.usernameCharacters).pipe(
    z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, 'must be letters, digits, . _ or -'),
  ),
  password: text.pipe(z.string().min(limits.passwordMinCharacters).max(limits.passwordMaxCharacters)),
  display_name: displayName.optional(),
})

/** Neither field says more than "a text": what is no e-mail address is simply wrong. */
export const LoginBody = z.object({
  email: text.pipe(z.string().max(limits.emailCharacters)).transform(canonicalEmail),
  password: text.pipe(z.string().max(limits.passwordMaxCharacters)),
})

export const SettingsBody = z.object({
  show_last_seen: z.boolean().optional(),
  notify_email_messages: z.boolean().optional(),
  locale: Locale.optional(),
  text_size: TextSize.optional(),
  /** `null` for none. */
  quiet_hours: QuietHours.nullable().optional(),
  enter_sends: z.boolean().optional(),
  display_name: displayName.optional(),
})

const DirectoryPlace = z.tuple([text, idNumber]).transform(([name, id]) => ({ name, id }))
export type DirectoryPlace = z.output<typeof DirectoryPlace>

export const UserSearch = z.object({
  query: searched.default(''),
  limit: pageLimit(limits.userPage),
  cursor: cursorText(DirectoryPlace, 2000).optional(),
})
