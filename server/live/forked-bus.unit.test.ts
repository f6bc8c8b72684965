import { fork } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { isPublication } from './forked-bus.ts'

const module = new URL('forked-bus.ts', import.meta.url)

/** A process that runs this text, and what is said to it and by it. */
function forked(script: string) {
  const source = `import { forkedPublisher, receivePublications } from '${module}'; ${script}`
  const child = fork('data:text/javascript,', [], {
    execArgv: ['--input-type=module', '--eval', source],
  })
  onTestFinished(() => void child.kill())
  return child
}

test('what a process without streams publishes reaches the worker unchanged', async () => {
  const sender = forked(`
    forkedPublisher.publish({ header: { kind: 'signal' }, parts: [{ userIds: [1, 2], frame: Buffer.from('żółw') }] })
    setInterval(() => {}, 1000)`)
  const [publication] = await once(sender, 'message')
  expect(isPublication(publication)).toBe(true)
  const receiver = forked(`
    const seen = ({ header, parts }) => [header, parts.map(({ userIds, frame }) => [userIds, frame.toString()])]
    receivePublications({ publish: (publication) => process.send(seen(publication)) })
    process.send('listens')`)
  await once(receiver, 'message')
  for (const message of ['close', null, 1, { other: 1 }, publication]) receiver.send(message as object)
  expect((await once(receiver, 'message'))[0]).toEqual([{ kind: 'signal' }, [[[1, 2], 'żółw']]])
})

test.each(['close', null, undefined, 1, {}])('%j is not a publication', (message) => {
  expect(isPublication(message)).toBe(false)
})
