import { expect, test } from 'vitest'
import { type Answer, startService } from '../testing/service.ts'

const { anna, bartek } = await startService({ RATE_LIMITS: 'on' })
const { resetLimit, refund, spend } = await import('./limits.ts')

const minute = 60
/** How often in how many seconds. */
const windows = [
  ['sign_in_address', 100, 15 * minute],
  ['sign_in_here', 10, 15 * minute],
  ['sign_in_account', 100, 15 * minute],
  ['register', 20, 60 * minute],
  ['send', 60, 10],
  ['change', 60, 10],
  ['gather', 20, minute],
  ['typing', 30, 10],
  ['upload', 100, 5 * minute],
  ['search', 60, 30],
  ['stream', 60, minute],
  ['read', 24 * 1024, 10],
] as const

test.each(windows)('%s: %i times in %i s, without affecting others', async (limit, times, seconds) => {
  await spend(limit, 'ktoś', times - 1)
  await spend(limit, 'ktoś')
  const refusal = await spend(limit, 'ktoś').catch((problem) => problem)
  expect(refusal).toMatchObject({ status: 429, code: 'rate_limited' })
  // What was spent first comes back first; a busy machine may have taken a while to spend it.
  expect(refusal.retryAfter).toBeLessThanOrEqual(seconds)
  expect(refusal.retryAfter).toBeGreaterThan(seconds - 8)
  expect(refusal.message).toContain(`${refusal.retryAfter} s`)
  await spend(limit, 'ktoś inny')
})

test('several points can be spent at once, a refunded point can be spent again, and a reset restores all of them', async () => {
  await spend('gather', 'grupa', 20)
  await expect(spend('gather', 'grupa')).rejects.toMatchObject({ status: 429 })
  await resetLimit('gather', 'grupa')
  await spend('gather', 'grupa', 19)
  await spend('gather', 'grupa')
  await expect(spend('gather', 'grupa', 2)).rejects.toMatchObject({ status: 429 })
  await resetLimit('gather', 'grupa')
  await spend('gather', 'grupa', 20)
  await refund('gather', 'grupa')
  await spend('gather', 'grupa')
  await expect(spend('gather', 'grupa')).rejects.toMatchObject({ status: 429 })
})

/** The limit of each endpoint. */
const counted: [what: string, limit: (typeof windows)[number][0], ask: () => Promise<Answer>][] = [
  ['sending', 'send', () => anna.post('/api/conversations/1/messages', { content: 'x' })],
  ['forwarding', 'send', () => anna.post('/api/messages/1/forward', { conversation_ids: [1] })],
  ['editing', 'change', () => anna.patch('/api/messages/1', { content: 'x' })],
  ['deleting', 'change', () => anna.delete('/api/messages/1')],
  ['reacting', 'change', () => anna.post('/api/messages/1/reactions', { emoji: '👍' })],
  [
    'removing a reaction',
    'change',
    () => anna.delete(`/api/messages/1/reactions/${encodeURIComponent('👍')}`),
  ],
  ['pinning', 'change', () => anna.post('/api/messages/1/pin')],
  ['unpinning', 'change', () => anna.delete('/api/messages/1/pin')],
  ['renaming a group', 'change', () => anna.patch('/api/conversations/1', { name: 'x' })],
  ['deleting a group', 'change', () => anna.delete('/api/conversations/1')],
  ['muting', 'change', () => anna.patch('/api/conversations/1/settings', { is_muted: true })],
  ['changing one’s settings', 'change', () => anna.patch('/api/users/me/settings', { locale: 'pl' })],
  ['opening a conversation', 'gather', () => anna.post('/api/conversations', { user_id: bartek.id })],
  ['adding members', 'gather', () => anna.post('/api/conversations/1/members', { user_ids: [1] })],
  ['removing a member', 'gather', () => anna.delete('/api/conversations/1/members/1')],
  ['typing', 'typing', () => anna.post('/api/conversations/1/typing')],
  ['uploading', 'upload', () => anna.post('/api/messages/upload')],
  ['searching', 'search', () => anna.get('/api/users?query=a')],
  ['opening a stream', 'stream', () => anna.get('/api/messages/stream')],
]

test.each(counted)('%s is counted as "%s", and refused when that is spent', async (_, limit, ask) => {
  const [, times] = windows.find(([name]) => name === limit)!
  await resetLimit(limit, anna.id)
  await spend(limit, anna.id, times)
  expect(await ask()).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
  await resetLimit(limit, anna.id)
})
