import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api } from '../api.ts'
import { Problem } from '../http.ts'

vi.mock('../page.ts', () => ({ reader: { me: { id: 1 } } }))
const network = new EventTarget()
vi.stubGlobal('addEventListener', network.addEventListener.bind(network))
vi.stubGlobal('removeEventListener', network.removeEventListener.bind(network))
const { load } = await import('./loading.ts')
const { retryNow } = await import('../retry.ts')

const conversation = { id: 7, unread_count: 0, first_unread_id: null }
const request = vi.spyOn(api, 'conversation')
vi.spyOn(api, 'messages').mockResolvedValue({ messages: [], has_more: false, next_cursor: null, seq: 0 })
vi.spyOn(api, 'pins').mockResolvedValue({ pins: [] })
const answers = (...statuses: number[]) => {
  for (const status of statuses) request.mockRejectedValueOnce(new Problem(status, {}))
  request.mockResolvedValueOnce({ conversation } as Awaited<ReturnType<typeof api.conversation>>)
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  request.mockReset()
})

test.each([0, 408, 429, 500, 502, 503, 504, 599])(
  'status %i is retried until the conversation has loaded',
  async (status) => {
    answers(status, status, status)
    const onFirstFailure = vi.fn()
    const loaded = load(7, new AbortController().signal, onFirstFailure)
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await loaded).conversation).toBe(conversation)
    expect(request).toHaveBeenCalledTimes(4)
    expect(onFirstFailure).toHaveBeenCalledTimes(1)
  },
)

test.each([400, 401, 403, 404, 410])('status %i is not retried', async (status) => {
  answers(status)
  const onFirstFailure = vi.fn()
  await expect(load(7, new AbortController().signal, onFirstFailure)).rejects.toMatchObject({ status })
  expect(onFirstFailure).not.toHaveBeenCalled()
})

test.each([
  ['the network is back', () => network.dispatchEvent(new Event('online'))],
  ['the stream is back', retryNow],
])('it retries at once when %s', async (_, happens) => {
  answers(0, 0, 0, 0, 0, 0)
  const loaded = load(7, new AbortController().signal, () => {})
  for (let i = 0; i < 6; i++) {
    await vi.advanceTimersByTimeAsync(0)
    happens()
  }
  await loaded
  expect(request).toHaveBeenCalledTimes(7)
})

test('the Retry-After of the server is respected', async () => {
  request.mockRejectedValueOnce(new Problem(503, {}, 20))
  answers()
  void load(7, new AbortController().signal, () => {})
  await vi.advanceTimersByTimeAsync(19_000)
  expect(request).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(2000)
  expect(request).toHaveBeenCalledTimes(2)
})

test('leaving the conversation stops the retries', async () => {
  answers(0)
  const leaving = new AbortController()
  const loaded = load(7, leaving.signal, () => {})
  await vi.advanceTimersByTimeAsync(0)
  leaving.abort()
  await expect(loaded).rejects.toThrow()
  expect(request).toHaveBeenCalledTimes(1)
})
