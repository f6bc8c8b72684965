import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Client } from './client.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

/** What retries need: requests are repeated until they are answered, as by our page. */
export interface RetryContext {
  client: Client
  random: Random
  tally: Tally
  /** Ends the retries. */
  signal: AbortSignal
}

/**
 * Asks until the answer is neither 5xx nor 429, waiting longer each time.
 * @throws Error when `signal` ends it
 */
export async function retry(
  { client, random, tally, signal }: RetryContext,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted()
    const answer = await client.ask(method, path, body).catch((error: NodeJS.ErrnoException) => {
      tally.count('failed', error.code ?? error.message)
      return undefined
    })
    if (answer && answer.status < 500 && answer.status !== 429) return answer
    if (answer) tally.count('failed', `${answer.status} ${answer.body?.code ?? ''}`)
    if (answer) noteWrong(tally, answer.status, answer.headers)
    tally.add('retries')
    await sleep(Math.min(1500, 100 * 2 ** attempt) * random.between(0.5, 1), undefined, { signal })
  }
}

/** Counts wrong answers: whatever is away, the answer must be 503 with Retry-After. */
export function noteWrong(tally: Tally, status: number, headers: IncomingHttpHeaders): void {
  if (status >= 500 && status !== 503) tally.count('wrong answers', `${status}`)
  else if (status === 503 && !headers['retry-after']) tally.count('wrong answers', '503 without Retry-After')
}
