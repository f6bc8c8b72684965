import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { freePort } from '../db/embedded/server.ts'
import { bareEnvironment } from './environment.ts'
import { emptyFolder } from './folder.ts'

/** The one account of the server, whose signatures it checks. */
const key = 'S3RVER'

export interface Bucket {
  /** For FILES_URL. */
  url: string
  urlWith(credentials: string): string
  /** As if the server were away. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** An S3 server of the test file's own, with an empty bucket. */
export async function startS3(): Promise<Bucket> {
  const [port, directory] = [await freePort(), emptyFolder()]
  const urlWith = (credentials: string) =>
    `s3://${credentials}@rozmowa/czat?endpoint=${encodeURIComponent(`http://127.0.0.1:${port}`)}`
  let server: ChildProcess | undefined
  const start = async () => {
    server = fork(join(import.meta.dirname, 's3-process.ts'), [`${port}`, directory], {
      // The places in its lists are encrypted by DES.
      execArgv: ['--openssl-legacy-provider'],
      env: bareEnvironment(),
    })
    await once(server, 'message')
  }
  const stop = async () => {
    const ended = server && once(server, 'exit')
    server?.kill('SIGKILL')
    await ended
    server = undefined
  }
  await start()
  afterAll(stop)
  return { url: urlWith(`${key}:${key}`), urlWith, start, stop }
}
