import type { Covered } from './coverage.ts'
import type { Mutant } from './find.ts'

/** How long the tests of one mutant may take together. Milliseconds. */
const budget = 120_000
/** So many are run however long they take. */
const least = 3

/**
 * The tests that come by a mutant: its own folder's, then those of others, the quickest first. Of one that only loading
 * its file comes by, those that run anything of that file; and what was run on one bus is not run on the other.
 */
export function coveringTests({ id, folder, file }: Mutant, covered: Covered[], all: Mutant[]): Covered[] {
  const isOwn = (test: Covered) => test.file.startsWith(`server/${folder}/`)
  const ids = new Set(all.filter((each) => each.file === file).map((each) => each.id))
  const running = covered.filter((each) => each.running.includes(id))
  const loading = covered.filter((each) => each.loading.includes(id))
  const beside = loading.filter((each) => each.running.some((other) => ids.has(other)))
  const tests = [running, beside, loading.filter(isOwn)].find(({ length }) => length > 0) ?? []
  const byTime = onOneBus(tests).toSorted((a, b) => a.ms - b.ms)
  const [own, others] = [byTime.filter(isOwn), byTime.filter((each) => !isOwn(each))]
  let spent = 0
  return [...own, ...others].filter(({ ms }, i) => {
    spent += ms
    return i < least || spent <= budget
  })
}

const onOneBus = (tests: Covered[]): Covered[] =>
  tests.filter(
    ({ project, file }) =>
      project !== 'redis' || !tests.some((each) => each.project !== 'redis' && each.file === file),
  )
