import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inFairTurn } from './turns.ts'

test('whoever comes with one waits for no more than what runs, however many another came with', async () => {
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

test('one user’s work is done one after the other, and of all two at once', async () => {
  let [running, most, mine, mostOfMine] = [0, 0, 0, 0]
  const work = (userId: number) => async () => {
    most = Math.max(most, ++running)
    if (userId === 1) mostOfMine = Math.max(mostOfMine, ++mine)
    await sleep(5)
    running--
    if (userId === 1) mine--
  }
  await Promise.all([1, 1, 1, 2, 2, 3, 4].map((userId) => inFairTurn(userId, work(userId))))
  expect([most, mostOfMine]).toEqual([2, 1])
})

test('what fails is told, and holds up nothing', async () => {
  const failing = inFairTurn(1, async () => {
    throw new Error('broken')
  })
  const next = inFairTurn(1, async () => 'done')
  await expect(failing).rejects.toThrow('broken')
  expect(await next).toBe('done')
})
