import { expect, test } from 'vitest'
import { hashPassword, passwordMatches } from './password.ts'

const scrypt =
  'scrypt:32768:8:1$Qx7vTn2LkP9sYb4R$3c5202323809ee10c1d2d2a4a84c55573f09dc951e3a54d7ef91b78e0fd6fdec765f0032cf8d3e2b40cd2b08e1b92abb42fb9659cc0879849ab1e890f574963a'
const pbkdf2 =
  'pbkdf2:sha256:600000$mW3cZ8dK1hJ5gF6a$fceec0f2f0d5336311243d04db9d0d4c2738a548a1ee945a4a288dd9332adf29'

test.each([
  ['scrypt', scrypt],
  ['pbkdf2', pbkdf2],
])('the portal’s %s hash accepts its own password only', async (_, hash) => {
  expect(await passwordMatches(hash, 'haslo-z-portalu')).toBe(true)
  expect(await passwordMatches(hash, 'haslo-z-portalU')).toBe(false)
  expect(await passwordMatches(hash, '')).toBe(false)
})

test('our own hashes still work', async () => {
  expect(await passwordMatches(await hashPassword('haslo-u-nas'), 'haslo-u-nas')).toBe(true)
  expect(await passwordMatches(undefined, 'haslo-u-nas')).toBe(false)
})

test.each([
  ['that is empty', ''],
  ['of a costless kind', 'plain$$haslo-z-portalu'],
  ['of a digest the portal never used', pbkdf2.replace('sha256', 'md5')],
  ['that was cut off', scrypt.slice(0, -2)],
  ['without its salt', 'scrypt:32768:8:1$$00'],
  ['that asks for all memory', scrypt.replace('32768', '16777216')],
  ['with a cost that is none', scrypt.replace('32768', '32767')],
  ['with no rounds', pbkdf2.replace('600000', '0')],
])('a hash %s accepts no password', async (_, hash) => {
  expect(await passwordMatches(hash, 'haslo-z-portalu')).toBe(false)
})
