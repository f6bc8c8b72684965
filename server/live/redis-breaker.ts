import { Redis } from 'ioredis'
import { log } from '../log.ts'

/** A Redis that is silent for so long is not waited for any more: another may have its address by now. */
const maxSilentMs = 3000

type Sent = Parameters<Redis['sendCommand']>

/**
 * A connection on which one command waits in vain, and not each: once one has timed out, all others fail at once, until
 * a ping is answered. Emits `lost` before it connects anew because no ping was.
 */
export class BreakingRedis extends Redis {
  isSilent = false

  override sendCommand(...[command, stream]: Sent): unknown {
    if (this.isSilent && command.name !== 'ping') {
      command.reject(new Error('Command timed out before: Redis is silent'))
      return command.promise
    }
    command.promise.catch((error: Error) => {
      if (error.message === 'Command timed out') this.#fallSilent()
    })
    return super.sendCommand(command, stream)
  }

  #fallSilent(): void {
    if (this.isSilent || this.status !== 'ready') return
    log.warn('Redis is silent')
    this.isSilent = true
    // Whoever is not connected fails at once anyway, and a new connection is a new chance.
    this.once('close', this.#hear)
    void this.#probe()
  }

  /** A ping waits as long as any command, which paces them. */
  async #probe(): Promise<void> {
    const start = Date.now()
    while (this.isSilent) {
      const isAnswered = await this.ping().then(Boolean, () => false)
      if (isAnswered) return this.#hear()
      if (this.status !== 'ready') return
      if (Date.now() - start < maxSilentMs) continue
      this.emit('lost')
      return this.disconnect(true)
    }
  }

  readonly #hear = (): void => {
    this.off('close', this.#hear)
    if (this.isSilent) log.info('Redis is heard again')
    this.isSilent = false
  }
}
