import { config } from '../config.ts'
import { closeTransport, openTransport } from '../notifications/post.ts'
import { attempt, type Finding, ok, warn } from './finding.ts'

/** Tests the mail server without sending anything: greeting, TLS, signing in, NOOP. */
export async function checkMail(): Promise<Finding[]> {
  if (!config.smtpUrl)
    return [
      warn('mail', 'SMTP_URL is not set: mails are logged, not sent', 'set it to smtp://user:password@host'),
    ]
  const { hostname, port } = new URL(config.smtpUrl)
  return attempt('mail', 'correct SMTP_URL, or check the mail server', async () => {
    try {
      await openTransport().verify()
    } finally {
      closeTransport()
    }
    const { name, address } = config.mailFrom
    return [
      ok('mail', `${hostname}${port && `:${port}`} accepts mails; they are sent from ${name} <${address}>`),
    ]
  })
}
