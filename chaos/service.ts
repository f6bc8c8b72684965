import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../server/db/embedded/server.ts'
import { bareEnvironment } from '../server/testing/environment.ts'

const main = join(import.meta.dirname, '../server/main.ts')

/** The service as `npm start` runs it, in processes of its own. */
export class Service {
  readonly address: string
  /** What it logged as a warning or worse: how often, and the last of each. */
  readonly complaints = new Map<string, { times: number; last: string }>()
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>
  readonly #ready = Promise.withResolvers<void>()

  private constructor(port: number, environment: Record<string, string>) {
    this.address = `http://127.0.0.1:${port}`
    const own = { PORT: `${port}`, HOST: '127.0.0.1', SESSION_SECRET: 'only for chaos, only for chaos' }
    const env = { ...bareEnvironment(), RATE_LIMITS: 'off', LOG_LEVEL: 'info', ...own, ...environment }
    this.#child = spawn(process.execPath, [main], {
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#exited = once(this.#child, 'exit')
    for (const output of [this.#child.stdout!, this.#child.stderr!])
      createInterface({ input: output }).on('line', (line) => this.#read(line))
  }

  /** @throws Error when it ends before it is ready */
  static async start(environment: Record<string, string>): Promise<Service> {
    const service = new Service(await freePort(), environment)
    const failed = service.#exited.then(() => {
      throw new Error(`the service does not start: ${[...service.complaints.keys()].join(' ')}`)
    })
    await Promise.race([service.#ready.promise, failed])
    failed.catch(() => {})
    return service
  }

  #read(line: string): void {
    const said = line.startsWith('{') ? JSON.parse(line) : { msg: line, level: 60 }
    if (said.msg === 'ready') this.#ready.resolve()
    if (said.level < 40) return
    const what = said.err ? `${said.msg}: ${said.err.message}` : said.msg
    this.complaints.set(what, { times: (this.complaints.get(what)?.times ?? 0) + 1, last: line })
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    const killTimer = setTimeout(() => this.#child.kill('SIGKILL'), 15_000)
    await this.#exited
    clearTimeout(killTimer)
  }

  /** Pids of the workers, as the system knows them. */
  async workers(): Promise<number[]> {
    const { pid } = this.#child
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
    const pids = children.trim().split(' ').filter(Boolean).map(Number)
    const commands = await Promise.all(
      pids.map((each) => readFile(`/proc/${each}/cmdline`, 'utf8').catch(() => '')),
    )
    return pids.filter((_, i) => commands[i]!.includes('main.ts'))
  }
}
