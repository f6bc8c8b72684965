import { fork } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { isTold } from './forked-bus.ts'

const module = new URL('forked-bus.ts', import.meta.url)

/** A process that runs this text, and what is said to it and by it. */
function forked(script: string) {
  const source = `import { openForkedBus, takeTold } from '${module}'; ${script}`
  const child = fork('data:text/javascript,', [], {
    execArgv: ['--input-type=module', '--eval', source],
  })
  onTestFinished(() => void child.kill())
  return child
}

test('what a process without streams publishes comes to the worker as it was', async () => {
  const sender = forked(`
    const bus = openForkedBus()
    await bus.listen(1)
    bus.publish([1, 2], Buffer.from('signal\\nżółw'))
    setInterval(() => {}, 1000)`)
  const [told] = await once(sender, 'message')
  expect(isTold(told)).toBe(true)
  const receiver = forked(`
    takeTold((userIds, envelope) => process.send([userIds, envelope.toString()]))
    process.send('listens')`)
  await once(receiver, 'message')
  for (const message of ['close', null, 1, { other: 1 }, told]) receiver.send(message as object)
  expect((await once(receiver, 'message'))[0]).toEqual([[1, 2], 'signal\nżółw'])
})

test.each(['close', null, undefined, 1, {}])('%j is nothing that was published', (message) => {
  expect(isTold(message)).toBe(false)
})
