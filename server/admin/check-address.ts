import { once } from 'node:events'
import { createServer } from 'node:net'
import { config } from '../config.ts'
import { type Finding, fail, ok } from './finding.ts'

/** Whether the service can listen, or already does. */
export async function checkAddress(): Promise<Finding[]> {
  const { host, port } = config
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const server = createServer()
  try {
    await once(server.listen(port, host), 'listening')
    return [ok('address', `${place} is free to listen on`)]
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') return [ok('address', `${place} is in use, by the service if it is running`)]
    if (code === 'EACCES') return [fail('PORT', `${place}: ${code}`, 'set a port above 1023')]
    return [fail('HOST', `${place}: ${code}`, 'set it to an address of this machine, or to 0.0.0.0')]
  } finally {
    server.close()
  }
}
