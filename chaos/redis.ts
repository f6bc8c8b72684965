import { type RedisServer, startRedis } from '../server/testing/redis.ts'

/** What is broken as one Redis. */
export interface BreakableRedis {
  url: string
  freeze(): unknown
  thaw(): unknown
  kill(): Promise<void>
  startAgain(): Promise<void>
  stop(): Promise<void>
}

/** A Redis that keeps what it is given, and can be killed and started again at the same port. */
export class FragileRedis implements BreakableRedis {
  readonly url: string
  #server: RedisServer
  readonly #folder: string

  private constructor(server: RedisServer, folder: string) {
    this.#server = server
    this.#folder = folder
    this.url = server.url
  }

  static async start(folder: string): Promise<FragileRedis> {
    return new FragileRedis(await startRedis({ appendonly: true, dir: folder }), folder)
  }

  freeze = (): unknown => process.kill(this.#server.pid, 'SIGSTOP')
  thaw = (): unknown => process.kill(this.#server.pid, 'SIGCONT')
  stop = (): Promise<void> => this.#server.stop()

  async kill(): Promise<void> {
    process.kill(this.#server.pid, 'SIGKILL')
    await this.#server.stop()
  }

  async startAgain(): Promise<void> {
    const { port } = this.#server
    this.#server = await startRedis({ port, appendonly: true, dir: this.#folder })
  }
}
