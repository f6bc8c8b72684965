import { config } from '../config.ts'
import { minKeyCharacters } from '../settings/secret-keys.ts'
import { type Finding, ok, warn } from './finding.ts'

/** Only advice: invalid values have ended this process when they were read. */
export function checkSettings(): Finding[] {
  const { embedded, production, baseUrl, sessionSecret, rateLimits } = config
  const findings = [ok('configuration', `all variables are valid; members use ${baseUrl}`)]
  if (!embedded && /\/\/(localhost|127\.|\[::1\])/.test(baseUrl))
    findings.push(
      warn(
        'BASE_URL',
        `is ${baseUrl}, which only this machine can reach`,
        'set it to the address members use',
      ),
    )
  else if (!embedded && baseUrl.startsWith('http:'))
    findings.push(
      warn('BASE_URL', 'is not https: cookies are sent unencrypted', 'put a proxy with TLS in front'),
    )
  if (!embedded && !production)
    findings.push(
      warn('NODE_ENV', 'is not production', 'set NODE_ENV=production, which requires SESSION_SECRET'),
    )
  if (!embedded && !sessionSecret)
    findings.push(
      warn('SESSION_SECRET', 'is kept in DATA_DIR of this machine', 'set one if several machines serve'),
    )
  findings.push(...checkKeys())
  if (!rateLimits) findings.push(warn('RATE_LIMITS', 'are off', 'switch them on: off is only for load tests'))
  return findings
}

function checkKeys(): Finding[] {
  const { sessionSecret = '', sessionKeys } = config
  if (sessionKeys.length > 2)
    return [ok('SESSION_SECRET', `has ${sessionKeys.length - 1} keys: the first signs, and all are good`)]
  if (!/[\s,]/.test(sessionSecret)) return []
  const advice = `if several were meant, each needs ${minKeyCharacters} characters, without commas and blanks`
  return [warn('SESSION_SECRET', 'has commas or blanks, and is read as one key', advice)]
}
