import type { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'
import { log } from '../log.ts'

type Sent = Parameters<Redis['sendCommand']>

export interface BreakerOptions {
  /** Emits `silent` and `answering` as `isSilent` changes, and `lost` before it reconnects because no ping was answered. */
  tells: Pick<EventEmitter, 'emit'>
  /** After so long the connection is given up: another Redis may have the address by now. */
  maxSilentMs: number
}

/**
 * The circuit breaker of a connection: once one command has timed out, all others fail at once, until a ping is
 * answered.
 */
export class RedisBreaker {
  isSilent = false
  readonly #redis: Redis
  readonly #options: BreakerOptions

  constructor(redis: Redis, options: BreakerOptions) {
    this.#redis = redis
    this.#options = options
    const send = redis.sendCommand.bind(redis)
    // On the connection itself: those of a Cluster are made by ioredis.
    redis.sendCommand = (...sent: Sent) => this.#send(sent, send)
  }

  #send([command, stream]: Sent, send: Redis['sendCommand']): unknown {
    if (this.isSilent && command.name !== 'ping') {
      command.reject(new Error('Command timed out before: Redis does not answer'))
      return command.promise
    }
    command.promise.catch((error: Error) => {
      if (error.message === 'Command timed out') this.#trip()
    })
    return send(command, stream)
  }

  #trip(): void {
    if (this.isSilent || this.#redis.status !== 'ready') return
    log.warn('Redis does not answer')
    this.isSilent = true
    this.#options.tells.emit('silent')
    // A connection that is closed fails at once anyway, and the next one may answer.
    this.#redis.once('close', this.#reset)
    void this.#probe()
  }

  /** A ping times out like any command, which paces them. */
  async #probe(): Promise<void> {
    const start = Date.now()
    while (this.isSilent) {
      const isAnswered = await this.#redis.ping().then(Boolean, () => false)
      if (isAnswered) return this.#reset()
      if (this.#redis.status !== 'ready') return
      if (Date.now() - start < this.#options.maxSilentMs) continue
      this.#options.tells.emit('lost')
      return this.#redis.disconnect(true)
    }
  }

  readonly #reset = (): void => {
    this.#redis.off('close', this.#reset)
    if (!this.isSilent) return
    log.info('Redis answers again')
    this.isSilent = false
    this.#options.tells.emit('answering')
  }
}
