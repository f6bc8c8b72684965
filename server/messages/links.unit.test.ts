import { expect, test } from 'vitest'

process.env.BASE_URL = 'https://portal.example'
const { linkToPreview } = await import('./links.ts')
const { cleanContent } = await import('../messages/content.ts')
const link = (content: string) => linkToPreview(cleanContent(content).html)

test.each([
  ['https://example.org', 'https://example.org/'],
  ['patrz http://example.org/a?b=1&c=2!', 'http://example.org/a?b=1&c=2'],
  ['(https://example.org/wiki/Kot_(zwierzę)), tak', 'https://example.org/wiki/Kot_(zwierz%C4%99)'],
  ['„https://example.org/a”', 'https://example.org/a'],
  ['a https://jeden.example b https://dwa.example', 'https://jeden.example/'],
  ['<p>tu: <a href="https://jeden.example/x">link</a> https://dwa.example</p>', 'https://jeden.example/x'],
  ['<p>https://jeden.example <a href="https://dwa.example">x</a></p>', 'https://jeden.example/'],
  ['<p>https://example.org/<strong>a</strong></p>', 'https://example.org/'],
  ['<pre>https://jeden.example</pre><p>https://dwa.example</p>', 'https://dwa.example/'],
  ['HTTPS://EXAMPLE.ORG/A', 'https://example.org/A'],
  ['https://żółw.example/', 'https://xn--w-uga1v8h.example/'],
  [
    'https://example.org/2026/11/20/zjazd-delegatow-w-warszawie-1234567',
    'https://example.org/2026/11/20/zjazd-delegatow-w-warszawie-1234567',
  ],
  ['https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'],
  ['https://example.org/a?keyword=kot&author=x', 'https://example.org/a?keyword=kot&author=x'],
  [
    'https://example.org/?fbclid=IwAR0aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789',
    'https://example.org/?fbclid=IwAR0aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789',
  ],
])('%s has a preview', (content, url) => expect(link(content)).toBe(url))

test.each([
  ['nothing to see', 'zwykły tekst'],
  ['another scheme', 'ftp://example.org mailto:a@example.org'],
  ['an e-mail address', '<a href="mailto:a@example.org">x</a>'],
  ['a link in code', '<p><code>https://example.org</code></p>'],
  ['a link in pre', '<pre><a href="https://example.org">x</a></pre>'],
  ['a link to ourselves', 'https://portal.example/wiadomosci/1'],
  ['a link to ourselves, shouted', 'HTTP://PORTAL.EXAMPLE./x'],
  ['ourselves first', 'https://portal.example/ https://example.org/'],
  ['a user', 'https://user@example.org/'],
  ['a password', 'https://user:password@example.org/'],
  ...[
    '?token=x',
    '?access_token=x',
    '?accessToken=x',
    '?a=b&key=1',
    '?api_key=1',
    '?apikey=1',
    '?sig=1',
    '?X-Amz-Signature=1',
    '?code=123',
    '?auth=1',
    '?password=1',
    '?reset=1',
    '?resetCode=1',
    '?invite=1',
    '?inviteId=1',
    '?a;token=1',
    '?%74oken=1',
    '?TOKEN=1',
    '?token',
    '?user[token]=1',
    '?PHPSESSID=1&jwt=2',
    '?x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc',
    '?x=0123456789abcdef0123456789abcdef',
    '?0123456789abcdef0123456789abcdef',
    '#access_token=abc',
    'reset/abc',
    'password-reset/abc',
    'invite/AbC',
    'users/verify/12',
    'unsubscribe/12',
    'd/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit',
    'f/0123456789abcdef0123',
    'f/123e4567-e89b-12d3-a456-426614174000',
    's/aB3-dE5_fG7-hI9jK1-mN2oP4',
  ].map((rest) => [rest, `https://example.org/${rest} https://example.com/`]),
  ['a very long address', `https://example.org/${'a-'.repeat(2000)}`],
  ['nonsense', 'https:// https://% http://['],
])('%s has none', (_, content) => expect(link(content!)).toBeUndefined())

test('64 KiB of near-addresses are read in no time', () => {
  const start = process.threadCpuUsage()
  for (const piece of ['http://', 'https://(((', 'https://a.)', 'x http://a', '<a href="http:">'])
    linkToPreview(piece.repeat(6000))
  linkToPreview(`https://example.org/${').'.repeat(20_000)}`)
  expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(500)
})
