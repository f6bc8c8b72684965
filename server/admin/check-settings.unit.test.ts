import { expect, test, vi } from 'vitest'

const production = {
  NODE_ENV: 'production',
  BASE_URL: 'https://portal.example.org',
  DATABASE_URL: 'postgres://db/x',
}
const [old, fresh] = ['o'.repeat(32), 'n'.repeat(32)]

/** What the doctor says of these settings. */
async function findings(environment: Record<string, string>) {
  vi.resetModules()
  for (const [name, value] of Object.entries({ ...production, ...environment })) vi.stubEnv(name, value)
  return (await import('./check-settings.ts')).checkSettings()
}

test.each([
  ['one key', { SESSION_SECRET: fresh }, []],
  [
    'two keys',
    { SESSION_SECRET: `${fresh},${old}` },
    [['ok', 'has 2 keys: the first signs, and all are good']],
  ],
  [
    'a key that is too short',
    { SESSION_SECRET: `${fresh},short` },
    [['warn', 'has commas or blanks, and is read as one key']],
  ],
])('of %s the doctor says what is made of them', async (_, environment, says) => {
  const found = (await findings(environment)).filter(({ what }) => what === 'SESSION_SECRET')
  expect(found.map((each) => [each.level, each.says])).toEqual(says)
})
