import { insertUser } from '../accounts/insert.ts'
import { hashPassword } from '../accounts/password.ts'
import { RegistrationBody } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { Stop, usageError } from '../terminal/stop.ts'
import { activate, changePassword, deactivate, findAccount } from './accounts.ts'
import type { Command, Options, Values } from './command.ts'
import { readPassword } from './password.ts'
import { print } from './print.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const user: { options: Options; help: [string, string][] } = {
  options: { user: text },
  help: [['--user WHO', 'e-mail address, id or username; @username for one that looks like an id']],
}

export const createUser: Command = {
  summary: 'create an account; the password is read from standard input',
  help: [
    ['--email ADDRESS', ''],
    ['--username NAME', 'by default the part of the address before the @'],
    ['--name NAME', 'the displayed name; by default the username'],
    ['--locale pl|en', 'language of page and mails; pl by default'],
    ['--admin', 'make the user an administrator'],
  ],
  options: { email: text, username: text, name: text, locale: text, admin: flag },
  async run(values) {
    const email = required(values, 'email')
    const username = values.username ?? email.split('@')[0]
    const locale = values.locale ?? 'pl'
    if (locale !== 'pl' && locale !== 'en') throw usageError('--locale must be pl or en')
    const wanted = RegistrationBody.omit({ password: true }).safeParse({
      email,
      username,
      display_name: values.name,
    })
    if (!wanted.success) throw usageError(`--${optionOf(wanted.error.issues[0]!)}`)
    const password_hash = await hashPassword(await readPassword())
    const { data } = wanted
    const created = await insertUser({
      ...data,
      display_name: data.display_name ?? data.username,
      password_hash,
      locale,
    }).catch(explainTaken)
    await sql`update users set is_admin = ${values.admin === true} where id = ${created.id}`
    print(`User ${created.id}: ${created.display_name} <${created.email}>, username ${created.username}`)
    return 0
  },
}

export const deactivateUser: Command = {
  summary: 'sign a user out everywhere, and block further sign-ins',
  ...user,
  async run(values) {
    const account = await findAccount(required(values, 'user'))
    await deactivate(account.id)
    print(`${account.name} <${account.email}> is deactivated and signed out. user:activate undoes this.`)
    return 0
  },
}

export const activateUser: Command = {
  summary: 'let a deactivated user sign in again',
  ...user,
  async run(values) {
    const account = await findAccount(required(values, 'user'))
    await activate(account.id)
    print(`${account.name} <${account.email}> can sign in.`)
    return 0
  },
}

export const setPassword: Command = {
  summary: 'set a user’s password, read from standard input; signs the user out',
  ...user,
  async run(values) {
    const account = await findAccount(required(values, 'user'))
    await changePassword(account.id, await readPassword())
    print(`${account.name} <${account.email}> has a new password and is signed out everywhere.`)
    return 0
  },
}

/** @throws Stop */
export function required(values: Values, name: string): string {
  const value = values[name]
  if (typeof value !== 'string' || value.trim() === '') throw usageError(`--${name} is missing`)
  return value.trim()
}

const optionOf = ({ path, message }: { path: PropertyKey[]; message: string }) =>
  `${path[0] === 'display_name' ? 'name' : String(path[0])}: ${message}`

function explainTaken(error: { constraint_name?: string }): never {
  for (const what of ['email', 'username'])
    if (error.constraint_name?.includes(what)) throw new Stop(`the ${what} is already in use`)
  throw error
}
