import { setImmediate } from 'node:timers'
import { beginWait, type Context, currentContext, endWait, within } from '../context.ts'

/** Returned in place of an answer: this question is to be asked again on its own. */
export const apart = Symbol('apart')

interface Batching<Question, Answer> {
  /** One statement for all of them. @returns their answers, in the same order */
  ask(questions: Question[]): Promise<(Answer | typeof apart)[]>
  /** Questions of one key are answered in the order in which they were asked; without it, all are independent. */
  keyOf?(question: Question): unknown
  /** Questions in a statement, at most. */
  maxTogether?: number
  /** Statements under way at once: the next one gathers what is asked meanwhile. */
  maxAtOnce?: number
}

interface Asked<Question, Answer> {
  question: Question
  key: unknown
  /** On whose behalf, and since when they wait. */
  context: Context | undefined
  since: number
  resolve(answer: Answer): void
  reject(error: unknown): void
}

const defaults = { maxTogether: 100, maxAtOnce: 1 }
/** Longer than PostgreSQL lets a statement run: after it, a connection that hangs holds up no more than its own batch. */
const maxAnswerMs = 12_000

/**
 * Lets questions that are asked while others are under way share a statement. A single one is asked at once.
 *
 * When a statement fails, its questions are asked by key, then one by one, so that one does not fail the others. After a
 * lost connection nobody knows what was done: they all fail.
 * @returns asks one question
 */
export function batched<Question, Answer>(
  batching: Batching<Question, Answer>,
): (question: Question) => Promise<Answer> {
  const batches = new Batches(batching)
  return (question) => batches.add(question)
}

class Batches<Question, Answer> {
  readonly #batching: Batching<Question, Answer> & typeof defaults
  #waiting: Asked<Question, Answer>[] = []
  /** The keys of what is under way. */
  readonly #taken = new Set<unknown>()
  #running = 0
  #isStarting = false

  constructor(batching: Batching<Question, Answer>) {
    this.#batching = { ...defaults, ...batching }
  }

  add(question: Question): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const key = this.#batching.keyOf?.(question) ?? Symbol('of its own')
    const asked = { context: currentContext(), since: performance.now() }
    if (asked.context) beginWait(asked.context, asked.since)
    this.#waiting.push({ question, key, ...asked, resolve, reject })
    this.#startSoon()
    return promise
  }

  /** Once everything that has arrived by now is read. */
  #startSoon(): void {
    if (this.#isStarting || this.#running >= this.#batching.maxAtOnce || this.#waiting.length === 0) return
    this.#isStarting = true
    setImmediate(() => {
      this.#isStarting = false
      const batch = this.#take()
      if (batch.length === 0) return
      void this.#run(batch)
      // Of more than fit into one, the rest.
      this.#startSoon()
    })
  }

  #take(): Asked<Question, Answer>[] {
    const isNext = ({ key }: Asked<Question, Answer>) => !this.#taken.has(key)
    const next = this.#waiting.filter(isNext).slice(0, this.#batching.maxTogether)
    const chosen = new Set(next)
    this.#waiting = this.#waiting.filter((asked) => !chosen.has(asked))
    for (const { key } of next) this.#taken.add(key)
    return next
  }

  async #run(batch: Asked<Question, Answer>[]): Promise<void> {
    this.#running++
    const left = Map.groupBy(await this.#ask(batch), ({ key }) => key)
    this.#running--
    for (const { key } of batch) if (!left.has(key)) this.#taken.delete(key)
    this.#startSoon()
    await Promise.all(
      left.entries().map(([key, asked]) => this.#askApart(key, asked, asked.length < batch.length)),
    )
  }

  async #askApart(key: unknown, asked: Asked<Question, Answer>[], isPartOfBatch: boolean): Promise<void> {
    for (const each of isPartOfBatch ? await this.#ask(asked) : asked) await this.#ask([each])
    this.#taken.delete(key)
    this.#startSoon()
  }

  /** @returns those to be asked again */
  async #ask(batch: Asked<Question, Answer>[]): Promise<Asked<Question, Answer>[]> {
    // What is logged is logged for one of them.
    return within(batch[0]!.context ?? {}, async (context) => {
      const again = await this.#answer(batch)
      for (const asked of batch) if (!again.includes(asked)) noteWait(asked, context)
      return again
    })
  }

  async #answer(batch: Asked<Question, Answer>[]): Promise<Asked<Question, Answer>[]> {
    try {
      const answers = await inTime(this.#batching.ask(batch.map(({ question }) => question)))
      return batch.filter(({ resolve }, i) => {
        const answer = answers[i]!
        if (answer !== apart) resolve(answer)
        return answer === apart
      })
    } catch (error) {
      if (batch.length > 1 && isRolledBack(error)) return batch
      for (const { reject } of batch) reject(error)
      return []
    }
  }
}

/** Whatever it was that the batch waited for, each of them did. */
function noteWait(
  { context, since }: Pick<Asked<unknown, unknown>, 'context' | 'since'>,
  { longest }: Context,
): void {
  const now = performance.now()
  if (context) endWait(context, { statement: '', ...longest, ms: now - since }, now)
}

/** @throws Error as for a lost connection when there is no answer in time */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    maxAnswerMs,
  )
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Whether the server itself refused a statement, so that nothing of it was done. */
const isRolledBack = (error: unknown) => (error as { severity?: string }).severity === 'ERROR'
