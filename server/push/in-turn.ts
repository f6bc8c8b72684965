const underWay = new Map<string, Promise<unknown>>()

/** What has one key is done one after the other, in this process: the only one that works on jobs. */
export async function inTurn<T>(key: string, act: () => Promise<T>): Promise<T> {
  const before = underWay.get(key)
  const done = (before ?? Promise.resolve()).then(act, act)
  underWay.set(key, done)
  try {
    return await done
  } finally {
    if (underWay.get(key) === done) underWay.delete(key)
  }
}
