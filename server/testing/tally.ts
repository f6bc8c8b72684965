import type { Reporter, TestModule, TestRunEndReason, Vitest } from 'vitest/node'

/** A reporter whose only and last line counts the tests. A run that is red for any reason says so in it. */
export default class Tally implements Reporter {
  #vitest: Vitest | undefined

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    this.#vitest?.logger.log(tally(modules, errors.length, reason))
  }
}

function tally(modules: readonly TestModule[], errors: number, reason: TestRunEndReason): string {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const count = (state: string) => tests.filter((test) => test.result().state === state).length
  // A file or a hook that breaks fails no test; its tests are merely not run.
  const broken = modules.filter((module) => !module.ok() && ![...module.children.allTests('failed')].length)
  const failed = count('failed') + broken.length + errors
  const skipped = tests.length - count('passed') - count('failed')
  const red = reason === 'passed' ? failed : Math.max(failed, 1)
  return `${count('passed')} passed, ${red} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
