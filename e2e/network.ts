import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll } from 'vitest'

/** A way to the service that can be cut: for service workers too, of which a browser that plays being offline forgets. */
export async function networkTo(address: string) {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((here) => {
    if (isCut) return here.destroy()
    const there = connect(Number(new URL(address).port), '127.0.0.1')
    for (const [one, other] of [[here, there] as const, [there, here] as const]) {
      sockets.add(one)
      one
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(one)
          other.destroy()
        })
      one.pipe(other)
    }
    return undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    isCut = true
    for (const each of sockets) each.destroy()
  }
  const mend = () => {
    isCut = false
  }
  afterAll(() => {
    cut()
    server.close()
  })
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cut, mend }
}
