/** Sources that let a page run, or load, what an attacker has written. */
const unsafe = /'unsafe-|\*|(?:^|\s)(?:https?|data|blob|filesystem):(?:\s|$)/
const goodReferrers = ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin']

type Rule = [name: string, points: (headers: Headers) => number]

const directivesOf = (headers: Headers): Map<string, string> =>
  new Map(
    (headers.get('content-security-policy') ?? '')
      .split('; ')
      .map((directive) => [directive.split(' ')[0]!, directive.split(' ').slice(1).join(' ')]),
  )

/** What scripts are allowed by, where there is no directive of their own. */
const allowed = (headers: Headers, directive: string): string => {
  const policy = directivesOf(headers)
  return policy.get(directive) ?? policy.get('default-src') ?? '*'
}

/** The rules of Mozilla's HTTP Observatory that an answer by itself can be judged by, with its points. */
const rules: Rule[] = [
  ['a policy', (headers) => (headers.has('content-security-policy') ? 0 : -25)],
  ['safe scripts', (headers) => (unsafe.test(allowed(headers, 'script-src')) ? -20 : 0)],
  ['safe objects', (headers) => (allowed(headers, 'object-src') === "'none'" ? 0 : -20)],
  ['safe styles', (headers) => (unsafe.test(allowed(headers, 'style-src')) ? -20 : 0)],
  ['nothing by default', (headers) => (directivesOf(headers).get('default-src') === "'none'" ? 10 : 0)],
  ['a base that stays', (headers) => (directivesOf(headers).get('base-uri') === "'none'" ? 0 : -10)],
  [
    'forms that go nowhere else',
    (headers) => (/^'(?:self|none)'$/.test(directivesOf(headers).get('form-action') ?? '') ? 0 : -10),
  ],
  ['no frames around it', (headers) => (directivesOf(headers).get('frame-ancestors') === "'none'" ? 5 : -20)],
  ['no guessing of types', (headers) => (headers.get('x-content-type-options') === 'nosniff' ? 0 : -5)],
  [
    'discreet referrers',
    (headers) => (goodReferrers.includes(headers.get('referrer-policy') ?? '') ? 5 : -5),
  ],
  [
    'no use by other origins',
    (headers) => (/^same-(?:origin|site)$/.test(headers.get('cross-origin-resource-policy') ?? '') ? 10 : -5),
  ],
  ['no readers in other origins', (headers) => (headers.has('access-control-allow-origin') ? -50 : 0)],
  [
    'cookies that scripts cannot read',
    (headers) => (headers.getSetCookie().every((each) => /; HttpOnly/i.test(each)) ? 0 : -30),
  ],
  [
    'cookies that other sites cannot send',
    (headers) => (headers.getSetCookie().every((each) => /; SameSite=(?:Lax|Strict)/i.test(each)) ? 0 : -20),
  ],
  [
    'no word on what it runs on',
    (headers) => (headers.has('server') || headers.has('x-powered-by') ? -5 : 0),
  ],
]

/** @returns points, 100 being an A+ with room for nothing but what only TLS can add; and the rules that cost some */
export function grade(headers: Headers): { points: number; faults: string[] } {
  const judged = rules.map(([name, points]) => ({ name, points: points(headers) }))
  return {
    points: judged.reduce((sum, { points }) => sum + points, 100),
    faults: judged.filter(({ points }) => points < 0).map(({ name }) => name),
  }
}
