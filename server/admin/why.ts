import { type Answer, whyNotified } from '../notifications/why.ts'
import { Stop, usageError } from '../terminal/stop.ts'
import { findAccount } from './accounts.ts'
import type { Command } from './command.ts'
import { print } from './print.ts'
import { required } from './users.ts'

const words: Record<Answer['outcome'], string> = {
  sent: 'was mailed: the mail server accepted it.',
  logged: 'would have been mailed, but SMTP_URL is not set: it was written to the log.',
  refused: 'was not mailed: the mail server refused the address permanently.',
  due: 'is to be mailed: the mail server has not accepted it yet.',
  sending: 'is being mailed; the mail may have arrived already.',
  waiting: 'has not been decided yet.',
  sender: 'was not mailed: they sent it themselves.',
  deleted: 'was not mailed: the message or its conversation had been deleted.',
  inactive: 'was not mailed: the account is deactivated.',
  muted: 'was not mailed: they had muted the conversation.',
  off: 'was not mailed: they had switched e-mails off.',
  no_address: 'was not mailed: the account has no usable e-mail address.',
  read: 'was not mailed: they had read it by then.',
  left: 'was not mailed: they had left the conversation by then.',
  system: 'was not mailed: it is a system line.',
  no_member: 'was not mailed: they were not a member of the conversation when it was sent.',
  no_message: 'was not mailed: there is no such message.',
  unknown:
    'unknown: it was sent before mails were introduced, moved from the old inbox, or is over a month old.',
}

export const why: Command = {
  summary: 'explain why a user was mailed about a message, or was not',
  help: [
    ['--message ID', ''],
    ['--user WHO', 'e-mail address, username or id'],
  ],
  options: { message: { type: 'string' }, user: { type: 'string' } },
  async run(values) {
    const message = required(values, 'message')
    if (!/^[1-9]\d{0,14}$/.test(message)) throw usageError('--message must be a number')
    const account = await findAccount(required(values, 'user'))
    const { outcome, decided_at, answer, next_at } = await whyNotified(Number(message), account.id)
    if (outcome === 'no_message') throw new Stop(`there is no message ${message}`)
    print(`${account.name} <${account.email}>, message ${message}: ${words[outcome]}`)
    if (decided_at) print(`Decided: ${decided_at}`)
    if (answer) print(`The mail server: ${answer}`)
    if (next_at) print(`Next: ${next_at}`)
    return 0
  },
}
