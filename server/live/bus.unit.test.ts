import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inProcessBus } from './bus.ts'
import { type Publication, publicationOf, signal } from './envelope.ts'

test('what is published reaches every end that is open, asynchronously', async () => {
  const bus = inProcessBus()
  const heard: [end: string, Publication][] = []
  const open = (name: string) =>
    bus({ deliver: (publication) => void heard.push([name, publication]), hears: () => {} })
  const [one, other] = [open('one'), open('other')]
  const [first, second] = [publicationOf([1], signal('resync', {})), publicationOf([2], signal('resync', {}))]
  one.publish(first)
  expect(heard).toEqual([])
  await sleep(1)
  expect(heard).toEqual([
    ['one', first],
    ['other', first],
  ])
  await other.close()
  one.publish(second)
  await sleep(1)
  expect(heard.slice(2)).toEqual([['one', second]])
})
