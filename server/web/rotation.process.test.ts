import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { freshDatabase } from '../testing/postgres.ts'
import { RunningService } from '../testing/process.ts'
import { Person } from '../testing/service.ts'

const [old, fresh, third] = ['old', 'new', 'third'].map((name) => `${name}-key-of-32-characters-or-so`) as [
  string,
  string,
  string,
]
const BASE_URL = 'http://portal.example.org'
Object.assign(process.env, { SESSION_SECRET: old, BASE_URL })
const { linkTo } = await import('../notifications/links.ts')

const [DATABASE_URL, DATA_DIR] = [await freshDatabase(), emptyFolder()]
const sql = postgres(DATABASE_URL, { max: 1 })
afterAll(() => sql.end())

/** The service anew, with these keys. */
async function serving<T>(keys: string, use: (address: string) => Promise<T>): Promise<T> {
  const own = { DATABASE_URL, DATA_DIR, BASE_URL, REGISTRATION: 'open', WORKERS: '1' }
  const service = await RunningService.start({ ...own, ...(keys && { SESSION_SECRET: keys }) })
  try {
    return await use(service.address)
  } finally {
    await service.stop()
  }
}

const email = 'anna@example.org'
const password = 'haslo anny'
/** What she has from before. */
interface Kept {
  cookie: string
  device: string
  tokens: { access_token: string; refresh_token: string }
}
const json = { 'content-type': 'application/json' }
const post = (url: string, body: object, headers = {}) =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { ...json, ...headers } })

async function signIn(address: string): Promise<Kept> {
  const answer = await post(`${address}/api/auth/login`, { email, password })
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!
  const tokens = await post(`${address}/auth/login`, { email, password })
  return {
    cookie,
    device: await deviceGiven(address, cookie),
    tokens: (await tokens.json()) as Kept['tokens'],
  }
}

/** The page gives a browser that it does not know a token. */
async function deviceGiven(address: string, cookie: string): Promise<string> {
  const page = await fetch(`${address}/wiadomosci`, { headers: { cookie } })
  expect(page.status).toBe(200)
  const given = page.headers.getSetCookie().find((each) => each.startsWith('rozmowa-device='))
  return given?.split(';')[0] ?? ''
}

const link = new URL(linkTo({ action: 'off', userId: 1 })).pathname

/** How everything that was signed is taken. */
async function standing(address: string, { cookie, device, tokens }: Kept) {
  const status = async (headers: Record<string, string>, path = '/api/users/me') =>
    (await fetch(address + path, { headers })).status
  return {
    cookie: await status({ cookie }),
    token: await status({ authorization: `Bearer ${tokens.access_token}` }),
    link: await status({}, link),
    isDeviceKnown: (await deviceGiven(address, `${(await signIn(address)).cookie}; ${device}`)) === '',
  }
}

const good = { cookie: 200, token: 200, link: 200, isDeviceKnown: true }
let kept: Kept
let renewed: string

test('what is signed with a key is good', async () => {
  await serving(old, async (address) => {
    const person = new Person(address)
    await person.post('/api/auth/register', { email, username: 'anna', password })
    kept = await signIn(address)
    expect(kept.device).toMatch(/^rozmowa-device=./)
    expect(await standing(address, kept)).toEqual(good)
  })
})

test('with a new key before it, all of that is good still, and members stay signed in', async () => {
  await serving(`${fresh},${old}`, async (address) => {
    expect(await standing(address, kept)).toEqual(good)
    const signed = await signIn(address)
    expect(await standing(address, signed)).toEqual(good)
    await sql`
      update sessions set sess = jsonb_set(sess::jsonb, '{prolongedAt}', '1')::json`
    const answer = await fetch(`${address}/api/users/me`, { headers: { cookie: kept.cookie } })
    renewed = answer.headers.getSetCookie()[0]!.split(';')[0]!
    expect(renewed).not.toBe(kept.cookie)
    expect(renewed.split('.')[0]).toBe(kept.cookie.split('.')[0])
  })
})

test('without the old key, what was used since is good, and nothing else', async () => {
  await serving(fresh, async (address) => {
    expect(await standing(address, kept)).toEqual({
      cookie: 401,
      token: 401,
      link: 404,
      isDeviceKnown: false,
    })
    expect((await fetch(`${address}/api/users/me`, { headers: { cookie: renewed } })).status).toBe(200)
    const refreshed = await post(`${address}/auth/refresh`, { refresh_token: kept.tokens.refresh_token })
    expect(refreshed.status, 'programs have another token for theirs').toBe(200)
  })
})

test('the secret that is kept in DATA_DIR may have several keys, too', async () => {
  await writeFile(join(DATA_DIR, 'session-secret'), `${third}\n${fresh}\n`)
  await serving('', async (address) => {
    expect((await fetch(`${address}/api/users/me`, { headers: { cookie: renewed } })).status).toBe(200)
  })
})
