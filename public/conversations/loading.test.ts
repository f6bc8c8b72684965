import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api } from '../api.ts'
import { Problem } from '../http.ts'

vi.mock('../page.ts', () => ({ reader: { me: { id: 1 } } }))
const network = new EventTarget()
vi.stubGlobal('addEventListener', network.addEventListener.bind(network))
vi.stubGlobal('removeEventListener', network.removeEventListener.bind(network))
const { load } = await import('./loading.ts')
const { hurryRetries } = await import('../retry.ts')

const conversation = { id: 7, unread_count: 0, first_unread_id: null }
const ask = vi.spyOn(api, 'conversation')
vi.spyOn(api, 'messages').mockResolvedValue({ messages: [], has_more: false, next_cursor: null, seq: 0 })
vi.spyOn(api, 'pins').mockResolvedValue({ pins: [] })
const answers = (...statuses: number[]) => {
  for (const status of statuses) ask.mockRejectedValueOnce(new Problem(status, {}))
  ask.mockResolvedValueOnce({ conversation } as Awaited<ReturnType<typeof api.conversation>>)
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  ask.mockReset()
})

test.each([0, 408, 429, 500, 502, 503, 504, 599])(
  'after %i it is tried until it is there',
  async (status) => {
    answers(status, status, status)
    const trouble = vi.fn()
    const loaded = load(7, new AbortController().signal, trouble)
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await loaded).conversation).toBe(conversation)
    expect(ask).toHaveBeenCalledTimes(4)
    expect(trouble).toHaveBeenCalledTimes(1)
  },
)

test.each([400, 401, 403, 404, 410])('%i is the last word', async (status) => {
  answers(status)
  const trouble = vi.fn()
  await expect(load(7, new AbortController().signal, trouble)).rejects.toMatchObject({ status })
  expect(trouble).not.toHaveBeenCalled()
})

test.each([
  ['the network is back', () => network.dispatchEvent(new Event('online'))],
  ['the stream is back', hurryRetries],
])('it is tried at once when %s', async (_, happens) => {
  answers(0, 0, 0, 0, 0, 0)
  const loaded = load(7, new AbortController().signal, () => {})
  for (let i = 0; i < 6; i++) {
    await vi.advanceTimersByTimeAsync(0)
    happens()
  }
  await loaded
  expect(ask).toHaveBeenCalledTimes(7)
})

test('a server that asks to wait is waited for', async () => {
  ask.mockRejectedValueOnce(new Problem(503, {}, 20))
  answers()
  void load(7, new AbortController().signal, () => {})
  await vi.advanceTimersByTimeAsync(19_000)
  expect(ask).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(2000)
  expect(ask).toHaveBeenCalledTimes(2)
})

test('whoever went elsewhere is not asked for any more', async () => {
  answers(0)
  const leaving = new AbortController()
  const loaded = load(7, leaving.signal, () => {})
  await vi.advanceTimersByTimeAsync(0)
  leaving.abort()
  await expect(loaded).rejects.toThrow()
  expect(ask).toHaveBeenCalledTimes(1)
})
