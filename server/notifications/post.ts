import nodemailer, { type Transporter } from 'nodemailer'
import { config } from '../config.ts'
import { log } from '../log.ts'
import { mails } from '../metrics/measures.ts'
import type { Letter } from './letter.ts'

export interface Posted {
  outcome: 'sent' | 'logged' | 'refused'
  /** The mail server's response. */
  answer: string | null
}

/** The mail server has definitely not accepted the mail, but may do so on a retry. */
export class NotDelivered extends Error {}

let transport: Transporter | undefined

/** The mail server of SMTP_URL, with timeouts, for other jobs wait. */
export function openTransport(): Transporter {
  transport ??= nodemailer.createTransport({
    url: config.smtpUrl!,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return transport
}

export function closeTransport(): void {
  transport?.close()
  transport = undefined
}

/**
 * Hands a mail to the mail server.
 * @throws NotDelivered; another Error when the connection broke before the server confirmed or refused it
 */
export async function post(letter: Letter): Promise<Posted> {
  if (!config.smtpUrl) {
    log.info({ mail: letter.messageId }, 'mail not sent: SMTP_URL is not set')
    return { outcome: 'logged', answer: null }
  }
  try {
    const { response } = await openTransport().sendMail(mailOf(letter))
    return { outcome: 'sent', answer: response ?? null }
  } catch (error) {
    return judge(error as SmtpError)
  }
}

/** Addresses are objects: in a string, a comma in a name would make two recipients. */
const mailOf = ({ to, subject, text, html, messageId, threadId, listId, unsubscribe }: Letter) => ({
  from: config.mailFrom,
  to,
  subject,
  text,
  html,
  messageId,
  inReplyTo: threadId,
  references: [threadId],
  headers: {
    'List-ID': listId,
    'List-Unsubscribe': `<${unsubscribe}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
  },
})

interface SmtpError extends Error {
  code?: string
  /** The command it failed at. */
  command?: string
  response?: string
  responseCode?: number
}

/** Failures before anything could be sent. */
const unconnected = new Set(['EDNS', 'EAUTH', 'ETLS', 'EREQUIRETLS'])
const refusals = new Set(['RCPT TO', 'DATA'])

function judge(error: SmtpError): Posted {
  const { code = '', command = '', responseCode = 0, response } = error
  // A server that refuses us, or our sender address, may accept us once it is configured right; one that refuses the
  // recipient, or the mail itself, will not.
  if (responseCode >= 500 && refusals.has(command)) return { outcome: 'refused', answer: response ?? null }
  mails.failed.value++
  if (responseCode || unconnected.has(code) || hasNotBegun(error)) throw new NotDelivered(error.message)
  throw error
}

const hasNotBegun = ({ message }: Error) =>
  /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|Connection timeout|Greeting never received/.test(message)
