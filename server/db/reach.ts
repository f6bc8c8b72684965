import type postgres from 'postgres'

const answerTimeoutMs = 10_000

/**
 * Waits for the first answer of a database. With a server that accepts connections and closes them, the driver would
 * retry for ever without an error.
 * @throws the error of the connection
 */
export async function reach(sql: Pick<postgres.Sql, 'unsafe'>, maxMs = answerTimeoutMs): Promise<void> {
  const late = Object.assign(new Error('no answer'), { code: 'CONNECTION_CLOSED' })
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, maxMs, late)
  })
  try {
    await Promise.race([sql.unsafe('select 1'), deadline])
  } finally {
    clearTimeout(timer)
  }
}
