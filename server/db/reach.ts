import type postgres from 'postgres'

const answerTimeoutMs = 10_000

/**
 * Waits for the first answer of a database, to the smallest question when there is no other. With a server that accepts connections and closes them, the driver would
 * retry for ever without an error.
 * @throws the error of the connection
 */
export async function reach(
  sql: Pick<postgres.Sql, 'unsafe'>,
  maxMs = answerTimeoutMs,
  question = 'select 1',
): Promise<readonly unknown[]> {
  const late = Object.assign(new Error('no answer'), { code: 'CONNECTION_CLOSED' })
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, maxMs, late)
  })
  try {
    return await Promise.race([sql.unsafe(question), deadline])
  } finally {
    clearTimeout(timer)
  }
}
