import { apply } from './apply.ts'
import type { Cache } from './cache.ts'
import { type Covered, nameOf } from './coverage.ts'
import type { Mutant } from './find.ts'
import type { Runner } from './runner.ts'

export interface Verdict {
  outcome: 'killed' | 'survived' | 'invalid'
  /** The test that failed. */
  by?: string
  /** What was run, as names with digests: a survivor is looked at again when these are others. */
  tests: string[]
}

/** Puts a fault in, and runs these tests until one fails. */
export async function judge(mutant: Mutant, tests: Covered[], runner: Runner): Promise<Verdict> {
  const verdict = { tests: namesOf(tests) }
  const text = apply(mutant, runner.copy.read(mutant.file))
  if (text === undefined) return { outcome: 'invalid', ...verdict }
  runner.change(mutant.file, text)
  try {
    for (const test of tests) {
      const { failed } = await runner.run(test, limitOf(test))
      if (failed) return { outcome: 'killed', by: `${nameOf(test)}: ${failed}`, ...verdict }
    }
    return { outcome: 'survived', ...verdict }
  } finally {
    runner.change(mutant.file)
  }
}

/** What is known of a mutant, when it holds of these tests too. */
export function known(mutant: Mutant, tests: Covered[], cache: Cache<Verdict>): Verdict | undefined {
  const verdict = cache.get(mutant.key)
  if (verdict?.outcome !== 'survived') return verdict
  return namesOf(tests).every((test) => verdict.tests.includes(test)) ? verdict : undefined
}

const namesOf = (tests: Covered[]) => tests.map((test) => `${nameOf(test)} ${test.digest}`)

/** ms; a busy machine is not a fault */
const limitOf = ({ ms }: Covered) => 20_000 + 4 * ms
