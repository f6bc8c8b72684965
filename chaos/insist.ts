import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until it is answered: our own statements may meet another fault. @throws an error that persists for 20 s */
export async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++)
    try {
      return await ask()
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(200)
    }
}
