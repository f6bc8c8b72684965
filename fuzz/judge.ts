import type { Actor } from './actors.ts'
import type { ApiDocument } from './document.ts'
import type { Asked } from './requests.ts'
import { sessionSecret } from './rig.ts'
import { marker, type Scene } from './scene.ts'
import type { Answered } from './send.ts'

/** What no answer holds, whoever asks. */
const neverShown: [what: string, RegExp][] = [
  ['a stack trace', /\n\s+at .+[:(]|node_modules|file:\/\/\/|\.ts:\d+/],
  ['SQL', /PostgresError|\bselect .+ from \w+ where\b|relation "\w+"|syntax error at or near/i],
  ['a hash of a password', /\$argon2|\$2[aby]\$|password_hash/],
  ['the session secret', new RegExp(sessionSecret)],
  ['what is in the vault', new RegExp(marker)],
]
/** Such errors are problems by themselves; nothing is away here, so 503 is one too. */
const isFault = (status: number) => status >= 500

/** @returns what is wrong with an answer, as one line each */
export function judge(asked: Asked, answer: Answered, document: ApiDocument, scene: Scene): string[] {
  const { status, type, text, body, headers } = answer
  const found: string[] = []
  if (isFault(status)) found.push(`answers ${status}`)
  else found.push(...[misfit(asked, answer, document)].filter((each) => each !== undefined))
  const shown = asked.method === 'HEAD' ? '' : text
  const whole = `${JSON.stringify(headers)}\n${shown}`
  // What a request says may come back to the one who said it.
  for (const [what, pattern] of neverShown) if (pattern.test(whole)) found.push(`shows ${what}`)
  for (const secret of othersSecrets(asked.actor, scene))
    if (whole.includes(secret)) found.push('shows a secret of somebody else')
  if (!headers['x-request-id']) found.push('has no X-Request-Id')
  if (type.endsWith('json') && body === undefined && asked.method !== 'HEAD') found.push('is no JSON')
  return found
}

function misfit(asked: Asked, { status, type, body }: Answered, document: ApiDocument): string | undefined {
  if (asked.method === 'HEAD') return undefined
  // Of what has not reached an endpoint: the document says so of all at once.
  if (status === 431) return document.generalComplaint(body)
  if (asked.isRouted) return document.complaint(asked.operation, status, type, body)
  return status >= 400 && type.endsWith('json') ? document.generalComplaint(body) : undefined
}

/** Their credentials, and the addresses of those who never ask. */
const othersSecrets = (actor: Actor, { actors, keepers }: Scene): string[] => [
  ...keepers.map(({ email }) => email),
  ...[...actors, ...keepers].filter((each) => each !== actor).flatMap(({ secrets }) => [...secrets]),
]
