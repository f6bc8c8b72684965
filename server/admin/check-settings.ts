import { config } from '../config.ts'
import { type Finding, ok, warn } from './finding.ts'

/** That the values fit is seen to when they are read: a wrong one has ended this process with its name. */
export function checkSettings(): Finding[] {
  const { embedded, production, baseUrl, sessionSecret, rateLimits } = config
  const findings = [ok('configuration', `every variable fits; members come to ${baseUrl}`)]
  if (!embedded && /\/\/(localhost|127\.|\[::1\])/.test(baseUrl))
    findings.push(
      warn('BASE_URL', `is ${baseUrl}, which only this machine reaches`, 'set it to the address members use'),
    )
  else if (!embedded && baseUrl.startsWith('http:'))
    findings.push(
      warn('BASE_URL', 'is not https: cookies are sent in the clear', 'put a proxy with TLS in front'),
    )
  if (!embedded && !production)
    findings.push(
      warn('NODE_ENV', 'is not production', 'set NODE_ENV=production, which wants its own secret'),
    )
  if (!embedded && !sessionSecret)
    findings.push(
      warn('SESSION_SECRET', 'is kept in DATA_DIR of this machine', 'set one where several machines serve'),
    )
  if (!rateLimits) findings.push(warn('RATE_LIMITS', 'are off', 'switch them on: off is for load tests'))
  return findings
}
