import { z } from 'zod'
import { line } from '../contract/fields.ts'
import { sql } from '../db/client.ts'
import { usageError } from '../terminal/stop.ts'
import { findAccount } from './accounts.ts'
import type { Command, Options, Values } from './command.ts'
import { print } from './print.ts'
import { required } from './users.ts'

/** What the portal says of a member, in characters at most. */
const fields = { company: 255, role: 255, phone: 50 } as const
type Said = { -readonly [Name in keyof typeof fields]?: string | null }

const options: Options = Object.fromEntries(
  ['user', ...Object.keys(fields)].map((name) => [name, { type: 'string' }]),
)

export const describeUser: Command = {
  summary: 'say what members see of a user beside the name; an empty text takes it away',
  help: [
    ['--user WHO', 'e-mail address, id or username; @username for one that looks like an id'],
    ['--company NAME', ''],
    ['--role TEXT', 'what the user does: "Skarbniczka"'],
    ['--phone NUMBER', ''],
  ],
  options,
  async run(values) {
    const said = saidIn(values)
    const account = await findAccount(required(values, 'user'))
    await sql`update users set ${sql({ ...said })} where id = ${account.id}`
    print(`${account.name} <${account.email}>: ${inWords(said)}`)
    return 0
  },
}

/** @throws Stop */
function saidIn(values: Values): Said {
  const said: Said = {}
  for (const [name, most] of Object.entries(fields) as [keyof Said, number][]) {
    const value = values[name]
    if (typeof value !== 'string') continue
    const read = z.union([z.literal('').transform(() => null), line(most)]).safeParse(value.trim())
    if (!read.success) throw usageError(`--${name} must be one line of at most ${most} characters`)
    said[name] = read.data
  }
  if (Object.keys(said).length === 0) throw usageError('--company, --role or --phone is missing')
  return said
}

const inWords = (said: Said) =>
  Object.entries(said)
    .map(([name, value]) => `${name} ${value ?? 'none'}`)
    .join(', ')
