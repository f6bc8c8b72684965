import pLimit from 'p-limit'

/** The most decoders at once. */
const inPool = pLimit(2)

/** When the last task of each user ends. */
const lastOf = new Map<number, Promise<void>>()

/** Runs `work` in turn: two at once, one for each user, so that no one waits for another user's whole queue. */
export function inFairTurn<T>(userId: number, work: () => Promise<T>): Promise<T> {
  const done = (lastOf.get(userId) ?? Promise.resolve()).then(() => inPool(work))
  const forget = () => {
    if (lastOf.get(userId) === end) lastOf.delete(userId)
  }
  const end = done.then(forget, forget)
  lastOf.set(userId, end)
  return done
}
