import { Cache } from './cache.ts'
import { measureCoverage } from './coverage.ts'
import { coveringTests } from './covering.ts'
import { findMutants } from './find.ts'
import { judge, known, type Verdict } from './judge.ts'
import { folders, type Options } from './options.ts'
import { faultOf, type Judged } from './report.ts'
import { Runner, share } from './runner.ts'
import { sample } from './sample.ts'

export interface Given extends Options {
  /** Of the sources and tests, as the checkout has them. */
  root: string
  /** Where it is kept what was found. */
  cache: string
}

/** Judges a sample of mutants, but for those of which an earlier run has the verdict. */
export async function runMutants(given: Given, say: (text: string) => void): Promise<Judged[]> {
  const { root } = given
  const runners = [new Runner(root), new Runner(root)]
  try {
    const covered = await measureCoverage(root, runners, new Cache(given.cache, 'coverage'), say)
    const { mutants } = await findMutants(root, folders)
    const wanted = mutants.filter(({ folder }) => given.folders.includes(folder))
    const chosen = sample(wanted, given)
    const verdicts = new Cache<Verdict>(given.cache, 'verdicts')
    const tests = new Map(chosen.map((mutant) => [mutant, coveringTests(mutant, covered, mutants)]))
    const left = chosen.filter((mutant) => !known(mutant, tests.get(mutant)!, verdicts))
    say(`${chosen.length} of ${wanted.length} mutants, ${chosen.length - left.length} known from before`)
    let done = 0
    await share(left, runners, async (mutant, runner) => {
      const verdict = await judge(mutant, tests.get(mutant)!, runner)
      verdicts.set(mutant.key, verdict)
      say(`${++done}/${left.length} ${verdict.outcome} ${mutant.file}:${mutant.line} ${faultOf(mutant)}`)
    })
    return chosen.map((mutant) => ({ mutant, verdict: verdicts.get(mutant.key)! }))
  } finally {
    await Promise.all(runners.map((runner) => runner.stop()))
  }
}
