import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { parseDatabaseUrl, serversOf } from './database-url.ts'

const plain = { host: 'localhost', port: 5432, tls: { mode: 'prefer', direct: false }, session: {} }
const tls = (more: object) => ({ ...plain, host: 'db', database: 'x', tls: { direct: false, ...more } })

test.each<[url: string, expected: object]>([
  ['postgres://', plain],
  ['postgresql:///rozmowa', { ...plain, database: 'rozmowa' }],
  [
    'POSTGRES://Jan:tajne@DB:6000/x',
    { ...plain, host: 'db', port: 6000, user: 'Jan', password: 'tajne', database: 'x' },
  ],
  ['postgres://jan:t@j#n/e@db/x', { ...plain, host: 'db', user: 'jan', password: 't@j#n/e', database: 'x' }],
  [
    'postgres://j%40n:%3a%2F@[::1]/%C5%82',
    { ...plain, host: '::1', user: 'j@n', password: ':/', database: 'ł' },
  ],
  [
    'postgres:///x?host=/run/postgresql&port=5433',
    { ...plain, host: '/run/postgresql', port: 5433, database: 'x' },
  ],
  [
    'postgres://jan@/x?host=/run/postgresql/',
    { ...plain, host: '/run/postgresql', user: 'jan', database: 'x' },
  ],
  ['postgres://%2Frun%2Fpostgresql:5433/x', { ...plain, host: '/run/postgresql', port: 5433, database: 'x' }],
  [
    'postgres://?host=db&user=jan&password=a%26b&dbname=x',
    { ...plain, host: 'db', user: 'jan', password: 'a&b', database: 'x' },
  ],
  ['postgres://db/x?sslmode=disable', tls({ mode: 'disable' })],
  ['postgres://db/x?sslmode=require', tls({ mode: 'require' })],
  ['postgres://db/x?ssl=true', tls({ mode: 'require' })],
  ['postgres://db/x?sslmode=require&sslrootcert=/ca.pem', tls({ mode: 'verify-ca', root: '/ca.pem' })],
  ['postgres://db/x?sslmode=verify-full&sslrootcert=/ca.pem', tls({ mode: 'verify-full', root: '/ca.pem' })],
  ['postgres://db/x?sslrootcert=system', tls({ mode: 'verify-full' })],
  [
    'postgres://db/x?sslmode=require&sslcert=/c&sslkey=/k',
    tls({ mode: 'require', certificate: '/c', key: '/k' }),
  ],
  ['postgres://db/x?sslmode=require&sslnegotiation=direct', tls({ mode: 'require', direct: true })],
  [
    'postgres://db?connect_timeout=7&application_name=my%20app&options=-c%20geqo=off',
    {
      ...plain,
      host: 'db',
      connectTimeout: 7,
      session: { application_name: 'my app', options: '-c geqo=off' },
    },
  ],
])('%s is read as libpq reads it', (url, expected) => {
  expect(parseDatabaseUrl(url)).toEqual(expected)
  expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url)
})

test.each([
  'mysql://x',
  'db/x',
  'host=db dbname=x',
  'postgres:/db',
  'postgres://jan:tajne@db:port/x',
  'postgres://jan:tajne@db:0/x',
  'postgres://jan:tajne@db:70000/x',
  'postgres://jan:tajne%@db/x',
  'postgres://jan:tajne@d b/x',
  'postgres://jan:tajne@db/x?sslmode=on',
  'postgres://jan:tajne@db/x?ssl=maybe',
  'postgres://jan:tajne@db/x?sslcert=/c',
  'postgres://jan:tajne@db/x?sslmode=require&sslrootcert=system',
  'postgres://jan:tajne@db/x?serverVersion=16&charset=utf8',
  'postgres://jan:tajne@db/x?connect_timeout=soon',
  'postgres://jan:tajne@a,b:99999/x',
  'postgres://jan:tajne@a,,b:c:d/x',
  'postgres://jan:tajne@/x?host=a,b,c&port=1,2',
  'postgres://jan:tajne@a,b/x?target_session_attrs=standby',
])('%s is refused in one line that shows no password', (DATABASE_URL) => {
  expect(() => readConfig({ DATABASE_URL })).toThrow(/^DATABASE_URL: (?!.*tajne)[^\n]{10,200}$/)
})

test.each<[url: string, servers: [host: string, port: number][]]>([
  ['postgres://jan:t,j@one/x', [['one', 5432]]],
  [
    'postgres://jan:t,/@one,two/x',
    [
      ['one', 5432],
      ['two', 5432],
    ],
  ],
  [
    'postgres://jan@one:1,[::1]:2/x?target_session_attrs=read-write',
    [
      ['one', 1],
      ['::1', 2],
    ],
  ],
  [
    'postgres://jan@/x?host=one,/run/postgresql&port=5433',
    [
      ['one', 5433],
      ['/run/postgresql', 5433],
    ],
  ],
  [
    'postgres://jan@/x?host=one,two&port=1,2',
    [
      ['one', 1],
      ['two', 2],
    ],
  ],
])('%s names its servers, of which each is read by itself', (url, servers) => {
  const read = serversOf(url).map(parseDatabaseUrl)
  expect(read.map(({ host, port }) => [host, port])).toEqual(servers)
  expect(new Set(read.map(({ user, database, tls }) => JSON.stringify([user, database, tls]))).size).toBe(1)
})
