import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Copy } from './copy.ts'
import { end } from './processes.ts'
import type { Order, Ran, Test } from './protocol.ts'

/** How much longer than its limit a test file may take until the process that runs it is given up. Milliseconds. */
const grace = 30_000

/** Runs test files in a copy of the checkout, with a PostgreSQL of its own. */
export class Runner {
  readonly copy: Copy
  #child: ChildProcess | undefined

  constructor(root: string) {
    this.copy = new Copy(root)
  }

  async run(test: Test, limit: number): Promise<Ran> {
    const child = await this.#started()
    const timer = setTimeout(() => end(child.pid!), limit + grace)
    this.#order({ run: { ...test, limit } })
    const ran = await answerOf<Ran>(child)
    clearTimeout(timer)
    return ran ?? { failed: 'the time limit', ms: limit + grace }
  }

  /** Puts a text in the place of a file's, or its own again. */
  change(file: string, text?: string): void {
    if (text === undefined) this.copy.restore(file)
    else this.copy.write(file, text)
    this.#order({ changed: file })
  }

  async stop(): Promise<void> {
    if (this.#child?.connected) {
      const exited = once(this.#child, 'exit')
      this.#child.disconnect()
      await exited
    }
    this.copy.remove()
  }

  #order(order: Order): void {
    if (this.#child?.connected) this.#child.send(order)
  }

  async #started(): Promise<ChildProcess> {
    if (this.#child?.connected) return this.#child
    const script = join(import.meta.dirname, 'runner-process.ts')
    this.#child = fork(script, { cwd: this.copy.folder, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    let complaints = ''
    this.#child.stderr!.on('data', (chunk) => {
      // Of what faults make the tests complain of, none is of interest.
      complaints = (complaints + chunk).slice(-4000)
    })
    if (!(await answerOf(this.#child))) throw new Error(`the tests cannot be run: ${complaints}`)
    return this.#child
  }
}

/** What a process says next; undefined when it ends without a word. */
const answerOf = <Answer>(child: ChildProcess) =>
  new Promise<Answer | undefined>((resolve) => {
    const finish = (answer?: Answer) => {
      child.off('message', finish).off('exit', gone)
      resolve(answer)
    }
    const gone = () => finish()
    child.on('message', finish).on('exit', gone)
  })

/** Does each piece of work with the first runner that is free, in the order given. */
export async function share<T>(
  work: T[],
  runners: Runner[],
  one: (item: T, runner: Runner) => Promise<void>,
) {
  const left = [...work]
  await Promise.all(
    runners.map(async (runner) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await one(item, runner)
    }),
  )
}
