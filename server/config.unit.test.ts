import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'

/** A value of a variable, and what it is read as; undefined when it is refused. */
type Row = [value: string, expected: unknown]

/** Every value is read correctly, or refused in one line that names the variable and shows no password. */
function reads(name: string, of: keyof ReturnType<typeof readConfig>, rows: Row[], more = {}) {
  describe(name, () => {
    test.each(rows.filter(([, expected]) => expected !== undefined))('%j is %j', (value, expected) => {
      const read = readConfig({ ...more, [name]: value })[of]
      expect(read instanceof Set ? [...read] : read).toEqual(expected)
    })
    test.each(rows.filter(([, expected]) => expected === undefined).map(([value]) => value))(
      '%j is refused by name',
      (value) => {
        expect(() => readConfig({ ...more, [name]: value })).toThrow(new RegExp(`^${name}: [^\\n]{10,200}$`))
        expect(() => readConfig({ ...more, [name]: value })).not.toThrow(/tajne/)
      },
    )
  })
}

test('no configuration is required', () => {
  expect(readConfig({})).toMatchObject({
    embedded: true,
    port: 3000,
    host: '127.0.0.1',
    baseUrl: 'http://localhost:3000',
    mailFrom: { name: 'Rozmowa', address: 'rozmowa@localhost' },
    workers: 1,
    registration: 'open',
    logLevel: 'info',
    trustedProxies: ['loopback'],
  })
})

test('DATABASE_URL opens the service to the network and closes registration', () => {
  const config = readConfig({ DATABASE_URL: 'postgres://x/y', PORT: '8080' })
  expect(config).toMatchObject({ embedded: false, host: '0.0.0.0', registration: 'closed', workers: 1 })
  expect(config.baseUrl).toBe('http://localhost:8080')
})

test('a variable that is empty or blank counts as not set', () => {
  expect(readConfig({ PORT: '', REDIS_URL: ' ', WORKERS: '\t', NODE_ENV: '' })).toEqual(readConfig({}))
})

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

test('Compose passes on every variable that it does not set itself, and .env.example shows no others', () => {
  const rows = read('README.md').match(/^\| `[A-Z_]+`.*? \|/gm)!
  const named = rows.flatMap((row) => row.match(/[A-Z_]{4,}/g)!)
  const own = ['PORT', 'HOST', 'DATABASE_DIRECT_URL', 'DATABASE_UPGRADE', 'DATA_DIR', 'RATE_LIMITS']
  const compose = read('docker-compose.yml')
  expect(named.filter((name) => !own.includes(name) && !compose.includes(` ${name}: `))).toEqual([])
  const shown = read('.env.example').match(/^(?:# )?[A-Z_]+(?==)/gm)!
  expect(
    shown.map((each) => each.replace('# ', '')).filter((name) => !compose.includes(`\${${name}`)),
  ).toEqual([])
})

test('production requires a secret, and more than one worker requires Redis', () => {
  expect(() => readConfig({ NODE_ENV: 'production' })).toThrow(/^SESSION_SECRET: /)
  expect(() => readConfig({ WORKERS: '2' })).toThrow(/^WORKERS: /)
  expect(() => readConfig({ DATABASE_DIRECT_URL: 'postgres://x/y' })).toThrow(/^DATABASE_DIRECT_URL: /)
  expect(readConfig({ WORKERS: '2', REDIS_URL: 'redis://x' }).workers).toBe(2)
})

test.each([
  ['https://example.org', 'rozmowa@example.org'],
  ['https://związek.pl', 'rozmowa@xn--zwizek-y0a.pl'],
  ['http://192.0.2.7:3000', 'rozmowa@[192.0.2.7]'],
  ['http://[::1]:3000', 'rozmowa@[IPv6:::1]'],
])('with BASE_URL=%s mails come from %s', (BASE_URL, address) => {
  expect(readConfig({ BASE_URL }).mailFrom).toEqual({ name: 'Rozmowa', address })
})

reads('FILES_URL', 'filesUrl', [
  ['s3://pliki', { bucket: 'pliki', prefix: '', region: 'us-east-1' }],
  ['s3://pliki/czat/a/?region=eu-central-1', { bucket: 'pliki', prefix: 'czat/a/', region: 'eu-central-1' }],
  [
    's3://klucz:taj%2Fne%3A@pliki?endpoint=https://minio.example.org:9000/',
    {
      bucket: 'pliki',
      prefix: '',
      region: 'us-east-1',
      endpoint: 'https://minio.example.org:9000',
      credentials: { accessKeyId: 'klucz', secretAccessKey: 'taj/ne:' },
    },
  ],
  ['https://pliki.s3.amazonaws.com', undefined],
  ['s3://', undefined],
  ['s3:///czat', undefined],
  ['s3://Pliki', undefined],
  ['s3://klucz@pliki', undefined],
  ['s3://klucz:tajne:jeszcze@pliki', undefined],
  ['s3://klucz:tajne%zz@pliki', undefined],
  ['s3://klucz:taj/ne@pliki', undefined],
  ['s3://pliki/zażółć', undefined],
  ['s3://pliki?endpoint=minio', undefined],
  ['s3://pliki?endpoint=ftp://minio', undefined],
  ['s3://pliki?region=Polska', undefined],
  ['s3://pliki?sekret=tajne', undefined],
])

reads('BACKUP_AT', 'backupAt', [
  ['02:30', { hour: 2, minute: 30 }],
  ['23:59', { hour: 23, minute: 59 }],
  ['00:00', { hour: 0, minute: 0 }],
  ['24:00', undefined],
  ['2:30', undefined],
  ['02:60', undefined],
  ['rano', undefined],
])

reads('BACKUP_PASSPHRASE', 'backupPassphrase', [
  ['dwanaście znaków', 'dwanaście znaków'],
  ['tajne', undefined],
])

const biuro = (name: string, address = 'biuro@example.org') => ({ name, address })

reads('MAIL_FROM', 'mailFrom', [
  ['biuro@example.org', biuro('')],
  ['<biuro@example.org>', biuro('')],
  ['Portal <biuro@example.org>', biuro('Portal')],
  ['"Związek, Oddział Łódź" <biuro@example.org>', biuro('Związek, Oddział Łódź')],
  ['Związek, Oddział Łódź <biuro@example.org>', biuro('Związek, Oddział Łódź')],
  ['"Klub \\"Orzeł\\"" <biuro@example.org>', biuro('Klub "Orzeł"')],
  ['"<nie@example.com>; x" <biuro@example.org>', biuro('<nie@example.com>; x')],
  ['Portal (nie odpowiadać) <biuro@example.org>', biuro('Portal')],
  ['biuro@example.org (Portal)', biuro('Portal')],
  ['Portal<biuro@związek.pl>', biuro('Portal', 'biuro@xn--zwizek-y0a.pl')],
  ["  Dr. O’Neil  <o'neil+x@EXAMPLE.org> ", biuro('Dr. O’Neil', "o'neil+x@example.org")],
  ['biuro@[192.0.2.1]', biuro('', 'biuro@[192.0.2.1]')],
  ['a@example.org, b@example.org', undefined],
  ['Zarząd: a@example.org, b@example.org;', undefined],
  ['mailto:biuro@example.org', undefined],
  ['Portal', undefined],
  ['Portal <>', undefined],
  ['Portal <biuro>', undefined],
  ['Portal <biuro@example.org', undefined],
  ['Portal <a b@example.org>', undefined],
  ['Portal <biuro@example.org> x', undefined],
  ['"Portal <biuro@example.org>', undefined],
  ['a@b@example.org', undefined],
  ['.biuro@example.org', undefined],
  ['biuro@-example.org', undefined],
  ['biuro@example..org', undefined],
  ['biuro@example.org:25', undefined],
  ['biuro@192.0.2.1', undefined],
  ['Portal <biuro@example.org>\nBcc: c@example.org', undefined],
  ['"Por\rtal" <biuro@example.org>', undefined],
])

reads('BASE_URL', 'baseUrl', [
  ['https://example.org', 'https://example.org'],
  ['HTTPS://Rozmowa.Example.org', 'https://rozmowa.example.org'],
  ['https://example.org:443//', 'https://example.org'],
  ['http://example.org:80', 'http://example.org'],
  ['https://example.org:8443/', 'https://example.org:8443'],
  ['https://example.org.', 'https://example.org'],
  ['https://związek.pl/', 'https://xn--zwizek-y0a.pl'],
  ['http://[0:0::1]:3000', 'http://[::1]:3000'],
  ['http://127.1:3000', 'http://127.0.0.1:3000'],
  [' http://localhost ', 'http://localhost'],
  ['example.org', undefined],
  ['//example.org', undefined],
  ['https:example.org', undefined],
  ['ftp://example.org', undefined],
  ['https://', undefined],
  ['https://example.org/rozmowa', undefined],
  ['https://example.org/wiadomosci/', undefined],
  ['https://example.org/?a=b', undefined],
  ['https://example.org?', undefined],
  ['https://example.org/#x', undefined],
  ['https://example.org#', undefined],
  ['https://jan:tajne@example.org', undefined],
  ['https://jan@example.org', undefined],
  ['https://exam ple.org', undefined],
  ['https://exam\tple.org', undefined],
  ['https://*.example.org', undefined],
  ['https://a,b', undefined],
  ['https://example.org:99999', undefined],
  ['https://example.org:0', undefined],
])

reads('REDIS_URL', 'redisUrl', [
  ['redis://localhost', 'redis://localhost'],
  ['redis://127.0.0.1:6379/0', 'redis://127.0.0.1:6379/0'],
  ['REDISS://:tajne@redis:6380/3', 'rediss://:tajne@redis:6380/3'],
  ['redis://jan:taj%23ne@[::1]:6379/', 'redis://jan:taj%23ne@[::1]:6379/'],
  ['not a url', undefined],
  ['localhost:6379', undefined],
  ['http://localhost:6379', undefined],
  ['redis://', undefined],
  ['redis:///2', undefined],
  ['redis://localhost:99999', undefined],
  ['redis://localhost/zero', undefined],
  ['redis://localhost/-1', undefined],
  ['redis://localhost/1/2', undefined],
  ['redis://localhost/1.5', undefined],
  ['redis://:taj#ne@localhost:6379', undefined],
  ['redis+sentinel://one:26379,two:26380/portal', 'redis+sentinel://one:26379,two:26380/portal'],
  [
    'redis+sentinel://jan:taj%23ne@one,[::1]:26379/portal/2',
    'redis+sentinel://jan:taj%23ne@one,[::1]:26379/portal/2',
  ],
  ['redis+sentinel://one/portal?sentinel_password=x', 'redis+sentinel://one/portal?sentinel_password=x'],
  ['redis+cluster://one:6379,two:6379', 'redis+cluster://one:6379,two:6379'],
  ['Redis+Cluster://:tajne@one/0', 'Redis+Cluster://:tajne@one/0'],
  ['redis+sentinel://one:26379,two:26379', undefined],
  ['redis+sentinel://one:26379/', undefined],
  ['redis+sentinel://one/portal/zero', undefined],
  ['redis+sentinel://one/portal?db=2', undefined],
  ['redis+sentinel:///portal', undefined],
  ['redis+sentinel://one:0/portal', undefined],
  ['redis+sentinel://one,,two/portal', undefined],
  ['redis+cluster://', undefined],
  ['redis+cluster://one/2', undefined],
  ['redis+cluster://one:99999', undefined],
  ['redis+cluster://one?db=0', undefined],
  ['redis+cluster://:taj/ne@one', undefined],
  ['redis+cluster://:taj%ne@one', undefined],
])

reads('SMTP_URL', 'smtpUrl', [
  ['smtp://mailpit:1025', 'smtp://mailpit:1025'],
  ['SMTPS://jan:tajne@mail.example.org/', 'smtps://jan:tajne@mail.example.org/'],
  ['smtp://mail.example.org?pool=true', 'smtp://mail.example.org?pool=true'],
  ['smtp://jan%40example.org:taj%2Fne@[fd00::1]:587', 'smtp://jan%40example.org:taj%2Fne@[fd00::1]:587'],
  ['mail.example.org', undefined],
  ['mail.example.org:587', undefined],
  ['mailto:biuro@example.org', undefined],
  ['https://mail.example.org', undefined],
  ['smtp://', undefined],
  ['smtp://mail.example.org:0x19', undefined],
  ['smtp://jan:taj#ne@mail.example.org', undefined],
  ['smtp://jan:taj/ne@mail.example.org', undefined],
  ['smtp://mail.example.org/path', undefined],
])

reads('CLAMD_URL', 'clamd', [
  ['unix:///run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }],
  ['tcp://scanner', { host: 'scanner', port: 3310 }],
  ['tcp://[::1]:3311/', { host: '::1', port: 3311 }],
  ['/run/clamav/clamd.ctl', undefined],
  ['unix://run/clamav/clamd.ctl', undefined],
  ['unix:///', undefined],
  ['http://scanner:3310', undefined],
  ['tcp://scanner:0x19', undefined],
  ['tcp://scanner:3310/path', undefined],
  ['tcp://user:word@scanner', undefined],
  ['scanner:3310', undefined],
])

reads('LINK_PREVIEW_ALLOW_HOSTS', 'linkPreviewAllowHosts', [
  ['Intranet:80, 127.0.0.1:8080,[::1]:443', ['intranet:80', '127.0.0.1:8080', '[::1]:443']],
  ['[0:0:0:0:0:0:0:1]:00443', ['[::1]:443']],
  ['związek.pl:443', ['xn--zwizek-y0a.pl:443']],
  ['127.1:80', ['127.0.0.1:80']],
  ['a:80,A:80', ['a:80']],
  ['example.org', undefined],
  ['a:99999', undefined],
  ['a:0', undefined],
  ['a:', undefined],
  [':80', undefined],
  ['::1:80', undefined],
  ['[::1]', undefined],
  ['[::g]:80', undefined],
  ['http://example.org:80', undefined],
  ['example.org:80/x', undefined],
  ['jan@example.org:80', undefined],
  ['*.example.org:80', undefined],
  ['a:80,,b:80', undefined],
  ['a:80;b:80', undefined],
])

reads('TRUSTED_PROXIES', 'trustedProxies', [
  ['172.30.99.0/24', ['172.30.99.0/24']],
  ['loopback, 10.0.0.7,FD00::/8', ['loopback', '10.0.0.7', 'fd00::/8']],
  ['::1', ['::1']],
  ['::ffff:10.0.0.7', ['::ffff:10.0.0.7']],
  ['proxy.example.org', undefined],
  ['uniquelocal', undefined],
  ['10.0.0.1,,10.0.0.2', undefined],
  ['10.0.0.0/33', undefined],
  ['0.0.0.0/0', undefined],
  ['10.0.0.0/08', undefined],
  ['fe80::1%eth0', undefined],
  ['10.0.0.1:80', undefined],
  ['true', undefined],
])

reads('PORT', 'port', [
  ['8080', 8080],
  [' 0 ', 0],
  ['65535', 65_535],
  ['abc', undefined],
  ['70000', undefined],
  ['-1', undefined],
  ['+80', undefined],
  ['0x50', undefined],
  ['1e3', undefined],
  ['80.0', undefined],
  ['8 0', undefined],
  ['８０８０', undefined],
  ['3000/tcp', undefined],
])

reads('HOST', 'host', [
  ['0.0.0.0', '0.0.0.0'],
  ['::', '::'],
  ['[::1]', '::1'],
  ['LocalHost', 'localhost'],
  ['*', undefined],
  ['0.0.0.0:3000', undefined],
  ['[::1]:3000', undefined],
  ['http://localhost', undefined],
  ['local host', undefined],
  ['jan@localhost', undefined],
  ['-x', undefined],
])

reads('UPLOAD_MAX_BYTES', 'uploadMaxBytes', [
  ['26214400', 26_214_400],
  [' 1\r', 1],
  ['25MB', undefined],
  ['25 MB', undefined],
  ['26_214_400', undefined],
  ['26,214,400', undefined],
  ['0', undefined],
  ['-5', undefined],
  ['1e9', undefined],
  ['Infinity', undefined],
  ['99999999999999999999', undefined],
])

reads('UPLOAD_QUOTA_BYTES', 'uploadQuotaBytes', [
  ['1073741824', 1_073_741_824],
  ['1GB', undefined],
  ['0', undefined],
])

test('the quota has room for at least one file of the maximum size', () => {
  expect(readConfig({}).uploadQuotaBytes).toBe(5 * 1024 ** 3)
  expect(readConfig({ UPLOAD_MAX_BYTES: `${2 ** 40}` }).uploadQuotaBytes).toBe(2 ** 40)
})

reads(
  'NODE_ENV',
  'production',
  [
    ['production', true],
    ['development', false],
    ['test', false],
    ...['prod', 'Production', 'production,', 'staging', 'true', '1', 'dev'].map(
      (value): Row => [value, undefined],
    ),
  ],
  { SESSION_SECRET: 'x'.repeat(32) },
)

reads('RATE_LIMITS', 'rateLimits', [
  ['on', true],
  [' OFF ', false],
  ...['true', 'false', '0', '1', 'yes', 'no', 'offf', 'o n', 'null'].map((value): Row => [value, undefined]),
])

reads('DATABASE_UPGRADE', 'databaseUpgrade', [
  ['yes', 'yes'],
  ['YES', 'yes'],
  ['/usr/lib/postgresql/17/bin', '/usr/lib/postgresql/17/bin'],
  ['17', undefined],
  ['true', undefined],
  ['postgresql/17/bin', undefined],
])

reads('DATA_DIR', 'dataDir', [
  ['/srv/rozmowa', '/srv/rozmowa'],
  ['/srv/../srv/rozmowa/', '/srv/rozmowa'],
  ['/srv/dane członków', '/srv/dane członków'],
  ['~/rozmowa', undefined],
  ['~', undefined],
  ['file:///srv', undefined],
  ['s3://bucket', undefined],
  ['/srv\0/x', undefined],
])

reads('METRICS_TOKEN', 'metricsToken', [
  ['only-for-prometheus', 'only-for-prometheus'],
  [` ${'x'.repeat(16)} `, 'x'.repeat(16)],
  ['x'.repeat(15), undefined],
  ['with blanks in between', undefined],
  ['łódź-łódź-łódź-łódź', undefined],
])

reads('OTEL_EXPORTER_OTLP_ENDPOINT', 'tracesUrl', [
  ['http://collector:4318', 'http://collector:4318'],
  ['https://otel.example.org/base/', 'https://otel.example.org/base'],
  ['collector:4318', undefined],
  ['grpc://collector:4317', undefined],
  ['http://user:password@collector:4318', undefined],
  ['http://collector:4318?x=1', undefined],
])

reads('OTEL_TRACES_SAMPLER_ARG', 'tracedShare', [
  ['0.1', 0.1],
  ['1', 1],
  ['0', 0],
  ['1.1', undefined],
  ['10%', undefined],
  ['-0.1', undefined],
])

reads('SLOW_MS', 'slowMs', [
  ['1', 1],
  ['600000', 600_000],
  ['0', undefined],
  ['600001', undefined],
  ['1s', undefined],
])

describe('the others', () => {
  test.each([
    ['WORKERS', '0'],
    ['WORKERS', '257'],
    ['WORKERS', 'auto'],
    ['REGISTRATION', 'perhaps'],
    ['LOG_LEVEL', 'loud'],
    ['SESSION_SECRET', 'short'],
    ['SESSION_SECRET', `  short${' '.repeat(20)}`],
    ['EMAIL_DELAY_SECONDS', '-1'],
    ['EMAIL_DELAY_SECONDS', '60s'],
    ['EMAIL_DELAY_SECONDS', '86401'],
  ])('%s=%s is refused, naming the variable', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name}: [^\\n]+$`))
  })
})
