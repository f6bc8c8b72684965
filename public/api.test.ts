import { afterEach, beforeEach, expect, test, vi } from 'vitest'

vi.stubGlobal('addEventListener', () => {})
vi.stubGlobal('removeEventListener', () => {})
const { api } = await import('./api.ts')

const asked = vi.fn<typeof fetch>()
vi.stubGlobal('fetch', asked)
const answer = (status: number, body: object, headers = {}) => Response.json(body, { status, headers })
const tooEarly = () => answer(429, { code: 'rate_limited' }, { 'Retry-After': '7' })
const page = { messages: [], has_more: false, next_cursor: null, seq: 0 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  asked.mockReset()
})

test('a read that comes too early is asked for again when the server said', async () => {
  asked.mockResolvedValueOnce(tooEarly()).mockResolvedValueOnce(tooEarly())
  asked.mockResolvedValueOnce(answer(200, page))
  const read = api.messages(1)
  await vi.advanceTimersByTimeAsync(6900)
  expect(asked).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(7100)
  expect(await read).toEqual(page)
  expect(asked).toHaveBeenCalledTimes(3)
})

test('who does not want it any more does not wait for it', async () => {
  asked.mockImplementation(async () => tooEarly())
  const leaving = new AbortController()
  const read = api.messages(1, {}, leaving.signal)
  read.catch(() => {})
  await vi.advanceTimersByTimeAsync(100)
  leaving.abort()
  await expect(read).rejects.toThrow('abort')
  expect(asked).toHaveBeenCalledTimes(1)
})

test('what changes something is not sent again by itself', async () => {
  asked.mockResolvedValueOnce(tooEarly())
  await expect(api.read(1, 2)).rejects.toMatchObject({ status: 429, retryAfter: 7 })
  expect(asked).toHaveBeenCalledTimes(1)
})

test('pins are read to the end', async () => {
  const pin = (id: number) => ({ message: { id }, pinned_by: 1, created_at: '' })
  asked.mockResolvedValueOnce(answer(200, { pins: [pin(3), pin(2)], has_more: true, next_cursor: 12 }))
  asked.mockResolvedValueOnce(answer(200, { pins: [pin(1)], has_more: false, next_cursor: null }))
  expect((await api.pins(7)).pins.map(({ message }) => message.id)).toEqual([3, 2, 1])
  expect(asked.mock.calls.map(([path]) => path)).toEqual([
    '/api/conversations/7/pins',
    '/api/conversations/7/pins?cursor=12',
  ])
})
