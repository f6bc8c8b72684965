import { z } from 'zod'
import { cursorText } from '../web/cursor.ts'
import { idNumber, limit, line, searched, text } from '../web/params.ts'
import { canonicalEmail, emailAddress } from './email.ts'

const email = line(255).transform(canonicalEmail).pipe(emailAddress.max(255))

/** As people type them into a form or a program sends them; also what the pages validate with. */
export const RegistrationBody = z.object({
  email,
  username: line(50).pipe(
    z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, 'must be letters, digits, . _ or -'),
  ),
  password: text.pipe(z.string().min(8).max(200)),
  display_name: line(100).optional(),
})

/** Neither field says more than "a text": what is no e-mail address is simply wrong. */
export const LoginBody = z.object({
  email: text.pipe(z.string().max(255)).transform(canonicalEmail),
  password: text.pipe(z.string().max(200)),
})

export const SettingsBody = z.object({
  show_last_seen: z.boolean().optional(),
  notify_email_messages: z.boolean().optional(),
  locale: z.enum(['pl', 'en']).optional(),
  text_size: z.enum(['small', 'normal', 'large', 'huge']).optional(),
  display_name: line(100).optional(),
})

const DirectoryPlace = z.tuple([text, idNumber]).transform(([name, id]) => ({ name, id }))
export type DirectoryPlace = z.output<typeof DirectoryPlace>

export const UserSearch = z.object({
  query: searched.default(''),
  limit: limit(20),
  cursor: cursorText(DirectoryPlace, 2000).optional(),
})
