import { Redis } from 'ioredis'
import { log } from '../log.ts'

/** After so long the connection is given up: another Redis may have the address by now. */
const maxSilentMs = 3000

type Sent = Parameters<Redis['sendCommand']>

/**
 * A connection with a circuit breaker: once one command has timed out, all others fail at once, until a ping is
 * answered. Emits `silent` and `answering` as `isSilent` changes, and `lost` before it reconnects because no ping was.
 */
export class BreakingRedis extends Redis {
  isSilent = false

  override sendCommand(...[command, stream]: Sent): unknown {
    if (this.isSilent && command.name !== 'ping') {
      command.reject(new Error('Command timed out before: Redis does not answer'))
      return command.promise
    }
    command.promise.catch((error: Error) => {
      if (error.message === 'Command timed out') this.#tripBreaker()
    })
    return super.sendCommand(command, stream)
  }

  #tripBreaker(): void {
    if (this.isSilent || this.status !== 'ready') return
    log.warn('Redis does not answer')
    this.isSilent = true
    this.emit('silent')
    // A connection that is closed fails at once anyway, and the next one may answer.
    this.once('close', this.#resetBreaker)
    void this.#probe()
  }

  /** A ping times out like any command, which paces them. */
  async #probe(): Promise<void> {
    const start = Date.now()
    while (this.isSilent) {
      const isAnswered = await this.ping().then(Boolean, () => false)
      if (isAnswered) return this.#resetBreaker()
      if (this.status !== 'ready') return
      if (Date.now() - start < maxSilentMs) continue
      this.emit('lost')
      return this.disconnect(true)
    }
  }

  readonly #resetBreaker = (): void => {
    this.off('close', this.#resetBreaker)
    if (!this.isSilent) return
    log.info('Redis answers again')
    this.isSilent = false
    this.emit('answering')
  }
}
