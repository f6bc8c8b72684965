import type { Covered } from './coverage.ts'
import type { Mutant } from './find.ts'

/** Test files that are run for one mutant. */
const most = 8

/**
 * The tests that come by a mutant: its own folder's, then those of others, and of each first those that come by little
 * else. What was run on one bus is not run on the other. Of a mutant that only loading its file comes by, they are those
 * that run anything of that file.
 */
export function coveringTests({ id, folder, file }: Mutant, covered: Covered[], all: Mutant[]): Covered[] {
  const isOwn = (test: Covered) => test.file.startsWith(`server/${folder}/`)
  const ids = new Set(all.filter((each) => each.file === file).map((each) => each.id))
  const running = covered.filter((each) => each.running.includes(id))
  const loading = covered.filter((each) => each.loading.includes(id))
  const beside = loading.filter((each) => each.running.some((other) => ids.has(other)))
  const tests = [onOneBus(running), beside, loading].find(({ length }) => length > 0) ?? []
  const bySpread = tests.toSorted((a, b) => a.running.length - b.running.length)
  return [...bySpread.filter(isOwn), ...bySpread.filter((each) => !isOwn(each))].slice(0, most)
}

const onOneBus = (tests: Covered[]): Covered[] =>
  tests.filter(
    ({ project, file }) =>
      project !== 'redis' || !tests.some((each) => each.project !== 'redis' && each.file === file),
  )
