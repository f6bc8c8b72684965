import { log } from '../log.ts'

/**
 * Lets something that may fail go without it, such as presence while Redis is away: the failure is logged once, and
 * once more when it works again, however often it is tried in between.
 * @returns what was asked for, or `otherwise`
 */
export function softly(name: string) {
  let isAway = false
  return async function soft<T>(asked: Promise<T>, otherwise: T): Promise<T> {
    try {
      const answer = await asked
      if (isAway) log.info(`${name} works again`)
      isAway = false
      return answer
    } catch (error) {
      if (!isAway) log.warn({ err: error }, `${name} does not work for now`)
      isAway = true
      return otherwise
    }
  }
}
