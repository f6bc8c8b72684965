import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, onTestFinished } from 'vitest'
import { freePort } from '../db/embedded/server.ts'
import { emptyFolder } from './folder.ts'
import { freshDatabase } from './postgres.ts'
import { RunningService } from './process.ts'
import { startRedis } from './redis.ts'
import { Person } from './service.ts'

/** App processes on ports of their own, on one PostgreSQL, one Redis and one folder: what docker-compose.yml starts. */
export class Apps {
  readonly ports: number[]
  readonly #environment: Record<string, string>
  readonly #running: (RunningService | undefined)[] = []

  private constructor(ports: number[], environment: Record<string, string>) {
    this.ports = ports
    this.#environment = environment
  }

  static async start(count: number, more: Record<string, string> = {}): Promise<Apps> {
    const redis = await startRedis()
    afterAll(() => redis.stop())
    const ports: number[] = []
    while (ports.length < count) ports.push(await freePort())
    const apps = new Apps(ports, {
      NODE_ENV: 'production',
      DATABASE_URL: await freshDatabase(),
      REDIS_URL: redis.url,
      DATA_DIR: emptyFolder(),
      SESSION_SECRET: 'the same in every process',
      REGISTRATION: 'open',
      RATE_LIMITS: 'off',
      WORKERS: '1',
      ...more,
    })
    await Promise.all(ports.map((_, i) => apps.bring(i)))
    return apps
  }

  get databaseUrl(): string {
    return this.#environment.DATABASE_URL!
  }

  /** Starts a process where it was before. */
  async bring(i: number): Promise<void> {
    this.#running[i] = await RunningService.start({ ...this.#environment, PORT: `${this.ports[i]}` })
  }

  /** @returns its exit code */
  async end(i: number, signal?: NodeJS.Signals): Promise<number | null> {
    return this.#running[i]!.stop(signal)
  }

  /** Somebody new, signed in there. */
  async newcomer(address: string, username: string): Promise<Person> {
    const person = new Person(address)
    const body = { email: `${username}@example.org`, username, password: 'tajne-haslo' }
    person.id = (await person.post('/api/auth/register', body)).body.user.id
    return person
  }
}

/** Something that answers in the place of an app, until the test is finished. @returns its port */
export async function standIn(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
