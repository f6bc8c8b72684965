import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll } from 'vitest'
import { freePort } from '../db/embedded/server.ts'
import { bareEnvironment } from './environment.ts'

const main = join(import.meta.dirname, '../main.ts')
const running = new Set<ChildProcess>()

/** The service as `npm start` runs it, in processes of its own. */
export class RunningService {
  readonly child: ChildProcess
  readonly address: string
  /** Everything it has written. */
  output = ''
  readonly #exited: Promise<number | null>
  #ready: Promise<void>

  private constructor(port: number, environment: Record<string, string>) {
    this.address = `http://127.0.0.1:${port}`
    const own = { PORT: `${port}`, HOST: '127.0.0.1' }
    const env = { ...bareEnvironment(), ...own, ...environment } as NodeJS.ProcessEnv
    this.child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(this.child)
    this.#exited = once(this.child, 'exit').then(([code]) => code)
    this.#ready = new Promise((resolve) => {
      for (const stream of [this.child.stdout!, this.child.stderr!])
        createInterface({ input: stream }).on('line', (line) => {
          this.output += `${line}\n`
          if (line.includes('"msg":"ready"')) resolve()
        })
    })
  }

  /** @throws Error with its output when it ends before it is ready */
  static async start(environment: Record<string, string>): Promise<RunningService> {
    const service = new RunningService(await freePort(), environment)
    const code = await Promise.race([service.#ready, service.#exited])
    if (code !== undefined) throw new Error(`the service ended with ${code}: ${service.output}`)
    return service
  }

  /** Runs it to its end. */
  static async run(environment: Record<string, string>): Promise<{ code: number | null; output: string }> {
    const service = new RunningService(0, environment)
    return { code: await service.#exited, output: service.output }
  }

  /** @returns its exit code */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal)
    return this.#exited
  }

  /** Pids of the workers, as the system knows them. */
  workers = () => this.#children('main.ts')
  /** The pid of the process of the jobs. */
  jobs = () => this.#children('jobs-process.ts')

  async #children(script: string): Promise<number[]> {
    const { readFile } = await import('node:fs/promises')
    const pid = this.child.pid
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
    const pids = children.trim().split(' ').map(Number)
    const commands = await Promise.all(
      pids.map((each) => readFile(`/proc/${each}/cmdline`, 'utf8').catch(() => '')),
    )
    return pids.filter((_, i) => commands[i]!.includes(script))
  }
}

afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})
