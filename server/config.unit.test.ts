import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('nothing need be configured', () => {
  expect(readConfig({})).toMatchObject({
    embedded: true,
    port: 3000,
    host: '127.0.0.1',
    baseUrl: 'http://localhost:3000',
    workers: 1,
    registration: 'open',
    logLevel: 'info',
  })
})

test('a database of its own opens the service to the network and closes registration', () => {
  const config = readConfig({ DATABASE_URL: 'postgres://x/y', PORT: '8080' })
  expect(config).toMatchObject({ embedded: false, host: '0.0.0.0', registration: 'closed', workers: 1 })
  expect(config.baseUrl).toBe('http://localhost:8080')
})

test.each([
  ['', { name: 'Rozmowa', address: 'rozmowa@example.org' }],
  ['Portal <portal@example.org>', { name: 'Portal', address: 'portal@example.org' }],
  ['portal@example.org', { name: '', address: 'portal@example.org' }],
])('mails from %j come from %o', (MAIL_FROM, from) => {
  expect(readConfig({ MAIL_FROM, BASE_URL: 'https://example.org' }).mailFrom).toEqual(from)
})

test('hosts that previews may ask are told apart by their port', () => {
  const { linkPreviewAllowHosts } = readConfig({
    LINK_PREVIEW_ALLOW_HOSTS: 'Intranet:80, 127.0.0.1:8080,[::1]:443',
  })
  expect([...linkPreviewAllowHosts]).toEqual(['intranet:80', '127.0.0.1:8080', '[::1]:443'])
})

test.each([
  [undefined, ['loopback']],
  ['172.30.99.0/24', ['172.30.99.0/24']],
  ['loopback, 10.0.0.7,fd00::/8', ['loopback', '10.0.0.7', 'fd00::/8']],
])('of TRUSTED_PROXIES=%s it believes %o', (TRUSTED_PROXIES, proxies) => {
  expect(readConfig({ TRUSTED_PROXIES }).trustedProxies).toEqual(proxies)
})

test('an empty variable is one that is not set', () => {
  expect(readConfig({ PORT: '', REDIS_URL: '', WORKERS: '' })).toEqual(readConfig({}))
})

test.each([
  ['PORT', 'abc'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://x'],
  ['REDIS_URL', 'not a url'],
  ['WORKERS', '0'],
  ['WORKERS', '2'],
  ['REGISTRATION', 'perhaps'],
  ['LOG_LEVEL', 'loud'],
  ['BASE_URL', 'example.org'],
  ['SESSION_SECRET', 'short'],
  ['SMTP_URL', 'mail.example.org'],
  ['MAIL_FROM', 'a@example.org, b@example.org'],
  ['MAIL_FROM', 'Rozmowa <rozmowa@example.org>\nBcc: c@example.org'],
  ['EMAIL_DELAY_SECONDS', '-1'],
  ['LINK_PREVIEW_ALLOW_HOSTS', 'example.org'],
  ['LINK_PREVIEW_ALLOW_HOSTS', 'http://example.org:80'],
  ['LINK_PREVIEW_ALLOW_HOSTS', 'a:80,,b:80'],
  ['TRUSTED_PROXIES', 'proxy.example.org'],
  ['TRUSTED_PROXIES', 'uniquelocal'],
  ['TRUSTED_PROXIES', '10.0.0.1,,10.0.0.2'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', '0.0.0.0/0'],
  ['TRUSTED_PROXIES', '10.0.0.0/08'],
  ['TRUSTED_PROXIES', 'fe80::1%eth0'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name}: `))
})

test('production needs a secret', () => {
  expect(() => readConfig({ NODE_ENV: 'production' })).toThrow(/^SESSION_SECRET: /)
})
