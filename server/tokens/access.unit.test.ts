import { SignJWT } from 'jose'
import { afterEach, expect, test, vi } from 'vitest'

process.env.SESSION_SECRET = 'only for tests, only for tests'
const { readAccess, signAccess } = await import('./access.ts')
const { currentKey, keysOf } = await import('./keys.ts')

const minute = 60 * 1000
const day = 24 * 60 * minute
/** A period of keys is 30 days, counted from 1970. */
const period = 30 * day
const border = 700 * period
const at = (time: number) => vi.useFakeTimers({ toFake: ['Date'], now: time })
afterEach(() => void vi.useRealTimers())

const access = { userId: 7, sessionId: 'a-session', scopes: new Set(['read', 'write']) }

test('a token says whose it is, which session it stands for, and what it may do', async () => {
  expect(await readAccess(await signAccess(access))).toEqual(access)
})

test('two tokens are never the same', async () => {
  expect(await signAccess(access)).not.toBe(await signAccess(access))
})

test.each([
  ['fresh', 0, true],
  ['nearly 15 minutes old', 15 * minute - 1000, true],
  ['15 minutes old', 15 * minute, false],
  ['a month old', 31 * day, false],
])('a token that is %s is read: %s → %s', async (_, age, isRead) => {
  at(border + day)
  const token = await signAccess(access)
  at(border + day + age)
  expect(await readAccess(token)).toEqual(isRead ? access : undefined)
})

test('a token signed just before its key was replaced is good for its whole time', async () => {
  at(border - 1)
  const token = await signAccess(access)
  const before = currentKey()
  at(border + 14 * minute)
  expect(currentKey().kid).not.toBe(before.kid)
  expect(currentKey().key.export()).not.toEqual(before.key.export())
  expect(await readAccess(token)).toEqual(access)
})

/** A token that does not expire soon, so that only its key is in question. */
function lasting({ kid, key } = currentKey(), alg = 'HS256') {
  return new SignJWT({ sid: 'a-session', scope: 'read write' })
    .setProtectedHeader({ alg, typ: 'at+jwt', kid })
    .setIssuer('http://localhost:3000')
    .setAudience('http://localhost:3000')
    .setSubject('7')
    .setIssuedAt()
    .setExpirationTime('1000 days')
    .sign(key)
}

test.each([
  ['in its own period', 0, true],
  ['in the next one', 1, true],
  ['in the one after that', 2, false],
  ['in the one before', -1, false],
])('a key verifies %s', async (_, later, isRead) => {
  at(border)
  const token = await lasting()
  at(border + later * period)
  expect(await readAccess(token)).toEqual(isRead ? access : undefined)
})

test.each([undefined, '', '699.5', '700 ', '0x2bc', '698', '701', '-1', '__proto__'])(
  'there is no key %j',
  (kid) => {
    at(border)
    expect(() => keysOf(kid)).toThrow()
  },
)

test('another secret makes other keys', async () => {
  const token = await lasting()
  vi.resetModules()
  process.env.SESSION_SECRET = 'another secret, another secret'
  const others = await import('./access.ts')
  expect(await others.readAccess(token)).toBeUndefined()
  expect(await readAccess(token)).toEqual(access)
})
