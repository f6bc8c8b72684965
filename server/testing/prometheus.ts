import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { freePort } from '../db/embedded/server.ts'
import { emptyFolder } from './folder.ts'
import { hasVersion, unpackProgram } from './system-package.ts'

/** To be ended with the test file. */
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** What is shipped for it. */
export const monitoring = join(import.meta.dirname, '../../monitoring')

/**
 * The path of a Prometheus, and of the promtool that came with it: from PATH, else unpacked from this system's packages.
 * @throws Error that says what to install
 */
function findPrograms(): { prometheus: string; promtool: string } {
  const folder = (process.env.PATH ?? '')
    .split(delimiter)
    .find((each) => hasVersion(join(each, 'prometheus')) && hasVersion(join(each, 'promtool')))
  if (folder) return { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') }
  try {
    const path = 'usr/bin/prometheus'
    const packed = { title: 'Prometheus', name: 'prometheus', packages: ['prometheus'], path, inPlace: path }
    const prometheus = unpackProgram({ ...packed, runs: hasVersion })
    return { prometheus, promtool: join(dirname(prometheus), 'unpacked/usr/bin/promtool') }
  } catch (error) {
    const why = (error as Error).message.split('\n')[0]
    throw new Error(`The tests need prometheus on the PATH: install prometheus (${why})`)
  }
}

/** The folder of the programs. */
export const programs = (): string => dirname(findPrograms().promtool)

/** Runs promtool among what is shipped. @returns what it says @throws Error with what it says when it finds a fault */
export function promtool(...args: string[]): string {
  const options = { cwd: monitoring, encoding: 'utf8', stdio: 'pipe' } as const
  try {
    return execFileSync(findPrograms().promtool, args, options)
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`promtool ${args.join(' ')}: ${stdout}${stderr}`)
  }
}

interface Sample {
  metric: Record<string, string>
  value: [number, string]
}

interface Rule {
  name: string
  health: string
  state: string
}

/** A Prometheus with what is shipped for it, which scrapes an app on this machine every second. */
export class Prometheus {
  readonly #address: string

  private constructor(address: string) {
    this.#address = address
  }

  /** @param app its host and port */
  static async start(app: string): Promise<Prometheus> {
    const folder = emptyFolder()
    cpSync(join(monitoring, 'alerts.yml'), join(folder, 'alerts.yml'))
    writeFileSync(join(folder, 'metrics-token'), 'not needed on this machine')
    const config = readFileSync(join(monitoring, 'prometheus.yml'), 'utf8')
      .replaceAll('_interval: 15s', '_interval: 1s')
      .replace('"app1:3000", "app2:3000"', `"${app}"`)
    writeFileSync(join(folder, 'prometheus.yml'), config)
    const port = await freePort()
    const settings = [
      ...['--config.file', join(folder, 'prometheus.yml'), '--storage.tsdb.path', join(folder, 'data')],
      ...['--web.listen-address', `127.0.0.1:${port}`],
    ]
    const child = spawn(findPrograms().prometheus, settings, { stdio: ['ignore', 'ignore', 'pipe'] })
    running.add(child)
    let said = ''
    child.stderr!.on('data', (text) => (said += text))
    const prometheus = new Prometheus(`http://127.0.0.1:${port}/api/v1`)
    while (!(await prometheus.isReady(port))) {
      if (child.exitCode !== null) throw new Error(`prometheus did not start: ${said}`)
      await sleep(50)
    }
    return prometheus
  }

  isReady = (port: number): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )

  /** The samples that an expression gives now. */
  async query(expression: string): Promise<Sample[]> {
    return (await this.#get<{ result: Sample[] }>(`/query?query=${encodeURIComponent(expression)}`)).result
  }

  async rules(): Promise<Rule[]> {
    const { groups } = await this.#get<{ groups: { rules: Rule[] }[] }>('/rules')
    return groups.flatMap(({ rules }) => rules)
  }

  async #get<T>(path: string): Promise<T> {
    const { data, error } = (await (await fetch(this.#address + path)).json()) as { data: T; error?: string }
    if (error) throw new Error(`${path}: ${error}`)
    return data
  }
}
