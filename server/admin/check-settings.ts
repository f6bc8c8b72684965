import { config } from '../config.ts'
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
  if (!rateLimits) findings.push(warn('RATE_LIMITS', 'are off', 'switch them on: off is only for load tests'))
  return findings
}
