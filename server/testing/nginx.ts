import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { freePort } from '../db/embedded/server.ts'
import { emptyFolder } from './folder.ts'
import { unpackProgram } from './system-package.ts'

/** To be ended with the test file. */
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGTERM')
})

const shipped = join(import.meta.dirname, '../../nginx')

/**
 * The path of an nginx: from PATH, else unpacked from this system's packages.
 * @throws Error that says what to install
 */
function findNginx(): string {
  // Where packages install it, which is not on everybody's PATH.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const installed = folders.map((folder) => join(folder, 'nginx')).find(runs)
  if (installed) return installed
  try {
    const packages = ['nginx', 'nginx-core']
    return unpackProgram({ title: 'nginx', name: 'nginx', packages, path: 'usr/sbin/nginx', runs })
  } catch (error) {
    const why = (error as Error).message.split('\n')[0]
    throw new Error(`The tests need nginx on the PATH: install nginx (${why})`)
  }
}

function runs(program: string): boolean {
  try {
    execFileSync(program, ['-v'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

/** One nginx in front of some ports of this machine, until the test file ends. */
export class Nginx {
  readonly port: number
  readonly folder: string
  #child: ChildProcess | undefined

  private constructor(port: number, folder: string) {
    this.port = port
    this.folder = folder
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** With the configuration that is shipped, in which only addresses and folders are others. */
  static async start(apps: number[]): Promise<Nginx> {
    const nginx = new Nginx(await freePort(), emptyFolder())
    nginx.#place(apps, { 'listen 80;': `listen 127.0.0.1:${nginx.port};` })
    return nginx.run()
  }

  /** The same with tls.conf, as its comments say. @param certificates folder of fullchain.pem and privkey.pem */
  static async startTls(apps: number[], certificates: string): Promise<Nginx & { plainPort: number }> {
    const nginx = new Nginx(await freePort(), emptyFolder())
    const plainPort = await freePort()
    nginx.#place(apps, {
      'include rozmowa/http.conf': 'include rozmowa/tls.conf',
      'listen 80;': `listen 127.0.0.1:${plainPort};`,
      'listen 443 ': `listen 127.0.0.1:${nginx.port} `,
      '/etc/ssl/rozmowa': certificates,
    })
    return Object.assign(await nginx.run(), { plainPort })
  }

  /** With a server{} that only passes everything on: nginx with its defaults. */
  static async startBare(app: number): Promise<Nginx> {
    const nginx = new Nginx(await freePort(), emptyFolder())
    nginx.#place([app, app], { 'listen 80;': `listen 127.0.0.1:${nginx.port};` })
    const location = `location / { proxy_pass http://127.0.0.1:${app}; }`
    const server = `server { listen 127.0.0.1:${nginx.port}; ${location} }\n`
    writeFileSync(join(nginx.folder, 'conf/rozmowa/rozmowa.conf'), server)
    return nginx.run()
  }

  /** Of an nginx that serves another site, as its package comes: ours is included and named. */
  static async startBeside(apps: number[], name: string): Promise<Nginx> {
    const nginx = new Nginx(await freePort(), emptyFolder())
    const listen = `listen 127.0.0.1:${nginx.port}`
    nginx.#place(apps, { 'listen 80;': `${listen};`, 'server_name _;': `server_name ${name};` })
    const other = `server { ${listen} default_server; server_name _; return 200 "another site"; }`
    const maps = 'map $http_upgrade $connection_upgrade { default upgrade; "" close; }'
    const cache = `proxy_cache_path ${nginx.folder}/cache/assets keys_zone=assets:1m;`
    const zone = 'limit_conn_zone $binary_remote_addr zone=addresses:1m;'
    const http = `http { ${temporary(nginx.folder)} ${maps} ${cache} ${zone} ${other} include rozmowa/rozmowa.conf; }`
    const main = `pid ${nginx.folder}/nginx.pid; events {} ${http}\n`
    writeFileSync(join(nginx.folder, 'conf/nginx.conf'), main)
    return nginx.run()
  }

  /** Copies the files; a replacement that nothing was found for is a mistake. */
  #place(apps: number[], addresses: Record<string, string>): void {
    const replacements = Object.entries({
      ...addresses,
      ...Object.fromEntries(apps.map((port, i) => [`app${i + 1}:3000`, `127.0.0.1:${port}`])),
      // Where its package keeps them, only root's may write.
      'http {': `http { ${temporary(this.folder)}`,
      '/var/cache': join(this.folder, 'cache'),
      '/var/log/nginx': join(this.folder, 'log'),
      '/run/nginx.pid': join(this.folder, 'nginx.pid'),
    })
    for (const name of ['conf', 'conf/rozmowa', 'cache', 'log']) mkdirSync(join(this.folder, name))
    // The workers of root's nginx are another user's.
    for (const name of ['cache', 'log']) chmodSync(join(this.folder, name), 0o777)
    const unused = new Set(replacements.map(([from]) => from))
    for (const name of readdirSync(shipped, { recursive: true, encoding: 'utf8' }).filter(isConfiguration)) {
      let text = readFileSync(join(shipped, name), 'utf8')
      for (const [from, to] of replacements) {
        if (text.includes(from)) unused.delete(from)
        text = text.replaceAll(from, to)
      }
      writeFileSync(join(this.folder, 'conf', name), text)
    }
    if (unused.size > 0) throw new Error(`nginx/ has no ${[...unused].join(', ')} any more`)
  }

  /** Starts it and waits until it listens. */
  async run(): Promise<this> {
    const folder = this.folder
    const settings = [
      '-p',
      folder,
      '-c',
      join(folder, 'conf/nginx.conf'),
      '-e',
      join(folder, 'log/error.log'),
    ]
    const child = spawn(findNginx(), [...settings, '-g', 'daemon off;'], { stdio: 'ignore' })
    this.#child = child
    running.add(child)
    while (!(await listens(this.port))) {
      if (child.exitCode !== null) throw new Error(`nginx did not start: ${this.log('error')}`)
      await sleep(20)
    }
    return this
  }

  /** As somebody pulls the plug: its streams are cut. */
  async stop(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }

  log(name: 'access' | 'error'): string {
    return readFileSync(join(this.folder, 'log', `${name}.log`), 'utf8')
  }
}

const isConfiguration = (name: string) => name.endsWith('.conf')

const temporary = (folder: string) =>
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, 'cache', kind)};`)
    .join(' ')

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    }).once('error', () => resolve(false))
  })
}
