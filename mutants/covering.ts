import type { Covered } from './coverage.ts'
import type { Mutant } from './find.ts'

/** How long the tests of other folders may take together, for one mutant. Milliseconds. */
const budget = 30_000

/**
 * The tests that come by a mutant: its own folder's, then the quickest of the others. One that only loading its file
 * comes by is its folder's; and what was run on one bus is not run on the other.
 */
export function coveringTests({ id, folder }: Mutant, covered: Covered[]): Covered[] {
  const isOwn = ({ file }: Covered) => file.startsWith(`server/${folder}/`)
  const running = covered.filter(({ running }) => running.includes(id))
  const loading = covered.filter((each) => isOwn(each) && each.loading.includes(id))
  const tests = onOneBus(running.length > 0 ? running : loading).sort((a, b) => a.ms - b.ms)
  return [
    ...tests.filter(isOwn),
    ...within(
      budget,
      tests.filter((each) => !isOwn(each)),
    ),
  ]
}

const onOneBus = (tests: Covered[]): Covered[] =>
  tests.filter(
    ({ project, file }) =>
      project !== 'redis' || !tests.some((each) => each.project !== 'redis' && each.file === file),
  )

function within(budget: number, tests: Covered[]): Covered[] {
  let left = budget
  return tests.filter(({ ms }) => {
    left -= ms
    return left >= 0
  })
}
