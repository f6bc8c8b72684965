import { hashPassword } from '../accounts/password.ts'
import { insertUser } from '../accounts/store.ts'
import { RegistrationBody } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { Stop, wrongUse } from '../terminal/stop.ts'
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
  summary: 'make an account; the password is read from standard input',
  help: [
    ['--email ADDRESS', ''],
    ['--username NAME', 'the part of the address before the @ when not given'],
    ['--name NAME', 'as others see it; the username when not given'],
    ['--locale pl|en', 'language of page and mails; pl when not given'],
    ['--admin', 'may administrate'],
  ],
  options: { email: text, username: text, name: text, locale: text, admin: flag },
  async run(values) {
    const email = required(values, 'email')
    const username = values.username ?? email.split('@')[0]
    const locale = values.locale ?? 'pl'
    if (locale !== 'pl' && locale !== 'en') throw wrongUse('--locale is pl or en')
    const wanted = RegistrationBody.omit({ password: true }).safeParse({
      email,
      username,
      display_name: values.name,
    })
    if (!wanted.success) throw wrongUse(`--${optionOf(wanted.error.issues[0]!)}`)
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
  summary: 'sign a user out everywhere, and let him in no more',
  ...user,
  async run(values) {
    const account = await findAccount(required(values, 'user'))
    await deactivate(account.id)
    print(`${account.name} <${account.email}> is deactivated and signed out. user:activate takes it back.`)
    return 0
  },
}

export const activateUser: Command = {
  summary: 'let a deactivated user in again',
  ...user,
  async run(values) {
    const account = await findAccount(required(values, 'user'))
    await activate(account.id)
    print(`${account.name} <${account.email}> may sign in.`)
    return 0
  },
}

export const setPassword: Command = {
  summary: 'give a user a new password, read from standard input; signs him out',
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
  if (typeof value !== 'string' || value.trim() === '') throw wrongUse(`--${name} is missing`)
  return value.trim()
}

const optionOf = ({ path, message }: { path: PropertyKey[]; message: string }) =>
  `${path[0] === 'display_name' ? 'name' : String(path[0])}: ${message}`

function explainTaken(error: { constraint_name?: string }): never {
  for (const what of ['email', 'username'])
    if (error.constraint_name?.includes(what)) throw new Stop(`the ${what} is taken`)
  throw error
}
