import { type Found, type Register, register } from './register.ts'

interface Question {
  whoIsHere: number[]
  /** The answer has the same number. */
  question: number
}

interface Reply {
  found: Found[]
  question: number
}

/** What the jobs process asks, and what the workers answer, by way of the supervisor. */
export const isAboutPresence = (message: unknown): message is Question | Reply =>
  typeof message === 'object' && message !== null && 'question' in message

/** Longer than a worker needs, and short enough for a job to wait while there is none. */
const maxWaitMs = 2000

/**
 * The register in a process without streams: it asks the workers beside it, each of which knows of everybody, and takes
 * the first answer. Only `find` works.
 */
export function askingRegister(): Register {
  let last = 0
  const waiting = new Map<number, (found: Found[]) => void>()
  process.on('message', (message) => {
    if (isAboutPresence(message) && 'found' in message) waiting.get(message.question)?.(message.found)
  })
  const find = async (userIds: readonly number[]): Promise<Found[]> => {
    const question = ++last
    const answered = Promise.withResolvers<Found[]>()
    const timer = setTimeout(() => answered.reject(new Error('no worker answers')), maxWaitMs)
    waiting.set(question, answered.resolve)
    const message: Question = { whoIsHere: [...userIds], question }
    process.send?.(message, undefined, undefined, () => {})
    try {
      return await answered.promise
    } finally {
      clearTimeout(timer)
      waiting.delete(question)
    }
  }
  const refuse = () => Promise.reject(new Error('only a worker has streams'))
  return {
    arrive: refuse,
    know: refuse,
    beat: refuse,
    touch: refuse,
    leave: refuse,
    sweep: refuse,
    find,
  }
}

/** In a worker: answers what the jobs process asks. While Redis is away nobody does. */
export function answerPresence(): void {
  process.on('message', async (message) => {
    if (!isAboutPresence(message) || !('whoIsHere' in message)) return
    const { whoIsHere, question } = message
    const found = await register.find(whoIsHere).catch(() => undefined)
    if (found) process.send?.({ found, question } satisfies Reply, undefined, undefined, () => {})
  })
}
