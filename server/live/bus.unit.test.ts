import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inProcessBus } from './bus.ts'

test('what is published reaches subscribers asynchronously', async () => {
  const heard: [number, string][] = []
  const bus = inProcessBus()({
    deliver: (userId, envelope) => heard.push([userId, `${envelope}`]),
    reconnected: () => {},
  })
  await Promise.all([bus.subscribe(1), bus.subscribe(2)])
  bus.publish([1, 2, 3], Buffer.from('raz'))
  expect(heard).toEqual([])
  await sleep(1)
  expect(heard).toEqual([
    [1, 'raz'],
    [2, 'raz'],
  ])
  bus.unsubscribe(1)
  bus.publish([1, 2], Buffer.from('dwa'))
  await sleep(1)
  expect(heard.slice(2)).toEqual([[2, 'dwa']])
  await bus.close()
  bus.publish([2], Buffer.from('trzy'))
  await sleep(1)
  expect(heard).toHaveLength(3)
})
