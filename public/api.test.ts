import { afterEach, beforeEach, expect, test, vi } from 'vitest'

vi.stubGlobal('addEventListener', () => {})
vi.stubGlobal('removeEventListener', () => {})
const { api } = await import('./api.ts')

const asked = vi.fn<typeof fetch>()
vi.stubGlobal('fetch', asked)
const answer = (status: number, body: object, headers = {}) => Response.json(body, { status, headers })
const rateLimited = () => answer(429, { code: 'rate_limited' }, { 'Retry-After': '7' })
const page = { messages: [], has_more: false, next_cursor: null, seq: 0 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  asked.mockReset()
})

test('a rate-limited read is retried when the server says so', async () => {
  asked.mockResolvedValueOnce(rateLimited()).mockResolvedValueOnce(rateLimited())
  asked.mockResolvedValueOnce(answer(200, page))
  const read = api.messages(1)
  await vi.advanceTimersByTimeAsync(6900)
  expect(asked).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(7100)
  expect(await read).toEqual(page)
  expect(asked).toHaveBeenCalledTimes(3)
})

test('an aborted read is not retried', async () => {
  asked.mockImplementation(async () => rateLimited())
  const leaving = new AbortController()
  const read = api.messages(1, {}, leaving.signal)
  read.catch(() => {})
  await vi.advanceTimersByTimeAsync(100)
  leaving.abort()
  await expect(read).rejects.toThrow('abort')
  expect(asked).toHaveBeenCalledTimes(1)
})

test('a write is not retried', async () => {
  asked.mockResolvedValueOnce(rateLimited())
  await expect(api.read(1, 2)).rejects.toMatchObject({ status: 429, retryAfter: 7 })
  expect(asked).toHaveBeenCalledTimes(1)
})

test('all pages of pins are read', async () => {
  const pin = (id: number) => ({ message: { id }, pinned_by: 1, created_at: '' })
  asked.mockResolvedValueOnce(answer(200, { pins: [pin(3), pin(2)], has_more: true, next_cursor: 12 }))
  asked.mockResolvedValueOnce(answer(200, { pins: [pin(1)], has_more: false, next_cursor: null }))
  expect((await api.pins(7)).pins.map(({ message }) => message.id)).toEqual([3, 2, 1])
  expect(asked.mock.calls.map(([path]) => path)).toEqual([
    '/api/conversations/7/pins',
    '/api/conversations/7/pins?cursor=12',
  ])
})
