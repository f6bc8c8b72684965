import { describe, expect, test } from 'vitest'
import { durations } from '../../presence/durations.ts'
import { type Answer, type Person, startService } from '../../testing/service.ts'

Object.assign(durations, { grace: 100, sweepEvery: 20 })
const { address, anna, bartek, celina, dawid, guest } = await startService()
await anna.talkTo(bartek)
await celina.talkTo(bartek)

/** A client written from the document of the frontend team alone. */
async function ask(
  person: Person,
  method: string,
  path: string,
  body?: object,
): Promise<Pick<Answer, 'status' | 'body'>> {
  const answer = await fetch(address + path, {
    method,
    headers: { cookie: person.cookie, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}
const presenceOf = async (person: Person, viewer = bartek) =>
  (await ask(viewer, 'GET', `/api/v1/presence/users/${person.id}`)).body
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

/** Anna online, and then offline again. */
async function withAnnaOnline(check: () => Promise<void>) {
  const stream = await anna.listen()
  await expect.poll(async () => (await presenceOf(anna)).data.status).toBe('online')
  await check()
  stream.close()
  await expect.poll(async () => (await presenceOf(anna)).data.status).toBe('offline')
}

describe('4. API response format', () => {
  test('The response has the fields status and last_seen', async () => {
    await withAnnaOnline(async () => {
      const { success, data } = await presenceOf(anna)
      expect([success, data]).toEqual([true, expect.objectContaining({ status: 'online', last_seen: time })])
    })
    expect((await presenceOf(anna)).data).toMatchObject({ status: 'offline', last_seen: time })
    expect((await presenceOf(celina)).data).toMatchObject({ status: 'offline', last_seen: null })
  })

  test('Backward compatible: it still has is_online and last_active_at', async () => {
    await withAnnaOnline(async () => {
      const { data } = await presenceOf(anna)
      expect(data).toMatchObject({ user_id: anna.id, is_online: true, last_active_at: data.last_seen })
    })
    const { data } = await presenceOf(anna)
    expect(data).toMatchObject({ user_id: anna.id, is_online: false, last_active_at: data.last_seen })
  })
})

describe('1. Polling as long as there is no WebSocket', () => {
  test('/api/v1/presence/users says who is online', async () => {
    await withAnnaOnline(async () => {
      const { status, body } = await ask(bartek, 'GET', `/api/v1/presence/users?ids=${anna.id},${celina.id}`)
      expect([status, body]).toEqual([
        200,
        { success: true, data: [(await presenceOf(anna)).data, (await presenceOf(celina)).data] },
      ])
    })
  })
})

describe('6. Privacy setting: hide last seen', () => {
  test('Who has turned show_last_seen off is offline without last_seen, until they turn it on again', async () => {
    await withAnnaOnline(async () => {})
    const set = (show_last_seen: boolean) =>
      ask(anna, 'PATCH', '/api/v1/users/me/settings', { show_last_seen })
    expect(await set(false)).toEqual({
      status: 200,
      body: { success: true, data: { show_last_seen: false } },
    })
    expect((await presenceOf(anna)).data).toEqual({
      user_id: anna.id,
      status: 'offline',
      is_online: false,
      last_seen: null,
      last_active_at: null,
    })
    expect((await anna.get('/api/users/me')).body.user.show_last_seen).toBe(false)
    await set(true)
    expect((await presenceOf(anna)).data.last_seen).toEqual(time)
  })
})

test('of people who share no conversation with the caller nothing is found', async () => {
  const notFound = { status: 404, body: { detail: 'Not found.' } }
  for (const id of [dawid.id, 999_999])
    expect(await ask(bartek, 'GET', `/api/v1/presence/users/${id}`)).toEqual(notFound)
  const { body } = await ask(bartek, 'GET', `/api/v1/presence/users?ids=${dawid.id},${anna.id},999999`)
  expect(body.data.map(({ user_id }: { user_id: number }) => user_id)).toEqual([anna.id])
  expect(await ask(dawid, 'GET', `/api/v1/presence/users/${dawid.id}`)).toMatchObject({ status: 200 })
})

test.each([
  ['GET', '/api/v1/presence/users', undefined],
  ['GET', '/api/v1/presence/users?ids=', undefined],
  ['GET', '/api/v1/presence/users?ids=1,x', undefined],
  ['GET', `/api/v1/presence/users?ids=${Array.from({ length: 201 }, (_, i) => i + 1)}`, undefined],
  ['GET', '/api/v1/presence/users/x', undefined],
  ['PATCH', '/api/v1/users/me/settings', {}],
  ['PATCH', '/api/v1/users/me/settings', { show_last_seen: null }],
  ['PATCH', '/api/v1/users/me/settings', { show_last_seen: 'no' }],
])('%s %s does not fit with %j', async (method, path, body) => {
  expect(await ask(anna, method, path, body)).toEqual({
    status: 400,
    body: { detail: expect.stringMatching(/invalid\. \w+/) },
  })
  expect((await ask(guest(), method, path, body)).status).toBe(401)
})
