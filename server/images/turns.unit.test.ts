import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inFairTurn } from './turns.ts'

test('a user with one task waits only for running ones, however many another has queued', async () => {
  const ended: string[] = []
  const work = (name: string) => async () => {
    await sleep(20)
    ended.push(name)
  }
  const many = Array.from({ length: 10 }, (_, i) => inFairTurn(1, work(`1: ${i}`)))
  await Promise.all([inFairTurn(2, work('2')), inFairTurn(3, work('3'))])
  expect(ended.filter((name) => name.startsWith('1'))).toHaveLength(1)
  await Promise.all(many)
  expect(ended.filter((name) => name.startsWith('1'))).toEqual(
    Array.from({ length: 10 }, (_, i) => `1: ${i}`),
  )
})

test('each user’s tasks run one after the other, and at most two run at once', async () => {
  let [running, maxRunning, mine, maxMine] = [0, 0, 0, 0]
  const work = (userId: number) => async () => {
    maxRunning = Math.max(maxRunning, ++running)
    if (userId === 1) maxMine = Math.max(maxMine, ++mine)
    await sleep(5)
    running--
    if (userId === 1) mine--
  }
  await Promise.all([1, 1, 1, 2, 2, 3, 4].map((userId) => inFairTurn(userId, work(userId))))
  expect([maxRunning, maxMine]).toEqual([2, 1])
})

test('a failure is reported, and does not block the queue', async () => {
  const failing = inFairTurn(1, async () => {
    throw new Error('broken')
  })
  const next = inFairTurn(1, async () => 'done')
  await expect(failing).rejects.toThrow('broken')
  expect(await next).toBe('done')
})
