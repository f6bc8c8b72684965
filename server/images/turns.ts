import pLimit from 'p-limit'

/** As many decoders as a process has at most. */
const inTurn = pLimit(2)

/** The end of the last that each user came with. */
const lastOf = new Map<number, Promise<void>>()

/** Does it when it is its turn: two at once, of each user one, so that nobody waits for all that another came with. */
export function inFairTurn<T>(userId: number, work: () => Promise<T>): Promise<T> {
  const done = (lastOf.get(userId) ?? Promise.resolve()).then(() => inTurn(work))
  const forget = () => {
    if (lastOf.get(userId) === end) lastOf.delete(userId)
  }
  const end = done.then(forget, forget)
  lastOf.set(userId, end)
  return done
}
