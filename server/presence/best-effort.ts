import { log } from '../log.ts'

/**
 * For what may fail without harm, such as presence while Redis is away: the failure is logged once, and the recovery
 * once, however often it is tried in between.
 * @returns what awaits a promise, and answers with `fallback` when that is rejected
 */
export function bestEffort(name: string) {
  let isAway = false
  return async function attempt<T>(promise: Promise<T>, fallback: T): Promise<T> {
    try {
      const answer = await promise
      if (isAway) log.info(`${name} works again`)
      isAway = false
      return answer
    } catch (error) {
      if (!isAway) log.warn({ err: error }, `${name} does not work for now`)
      isAway = true
      return fallback
    }
  }
}
