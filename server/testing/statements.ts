import { connect, createServer, type Socket } from 'node:net'
import { afterAll } from 'vitest'

export interface Statements {
  /** The database's address, by way of us. */
  url: string
  /** How many statements went by while this ran. */
  during(work: () => Promise<unknown>): Promise<number>
}

/**
 * Stands between the service and its PostgreSQL and counts what goes over the wire, whichever driver sends it:
 * each statement is one `Query` or one `Execute` message of the protocol.
 */
export async function countStatements(databaseUrl: string): Promise<Statements> {
  const target = new URL(databaseUrl)
  let count = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    countIn(client, () => count++)
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream])
      socket.on('error', () => [client, upstream].map((each) => each.destroy()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => server.close())
  const url = new URL(databaseUrl)
  url.port = `${(server.address() as { port: number }).port}`
  return {
    url: url.href,
    async during(work) {
      const before = count
      await work()
      return count - before
    },
  }
}

/** Messages have a letter, then their length with itself; the first of a connection has no letter. */
function countIn(client: Socket, statement: () => void): void {
  let pending = Buffer.alloc(0)
  let isFirst = true
  client.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    for (let head = isFirst ? 0 : 1; pending.length >= head + 4; head = 1) {
      const length = head + pending.readUInt32BE(head)
      if (pending.length < length) return
      if (head === 1 && 'QE'.includes(String.fromCharCode(pending[0]!))) statement()
      isFirst = false
      pending = pending.subarray(length)
    }
  })
}
