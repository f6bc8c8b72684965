import type { Bus } from './bus.ts'

/** What one forked process tells another by way of the supervisor. */
interface Told {
  told: { userIds: readonly number[]; envelope: string }
}

const nothing = async () => {}

/** For a process without streams, beside a worker that has no Redis either: the supervisor passes on what is published. */
export const openForkedBus = (): Bus => ({
  publish(userIds, envelope) {
    const message: Told = { told: { userIds, envelope: envelope.toString() } }
    // What does not arrive is found in the database.
    process.send?.(message, undefined, undefined, () => {})
  },
  listen: nothing,
  unlisten: () => {},
  close: nothing,
})

export const isTold = (message: unknown): message is Told =>
  typeof message === 'object' && message !== null && 'told' in message

/** In the worker: takes what the supervisor passes on. */
export function takeTold(publish: (userIds: readonly number[], envelope: Buffer) => void): void {
  process.on('message', (message) => {
    if (isTold(message)) publish(message.told.userIds, Buffer.from(message.told.envelope))
  })
}
