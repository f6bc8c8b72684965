import type { Covered } from './coverage.ts'
import type { Mutant } from './find.ts'

/** How long the tests of one mutant may take together. Milliseconds. */
const budget = 60_000
/** So many are run however long they take. */
const least = 3

/**
 * The tests that come by a mutant: its own folder's, then those of others, the quickest first. One that only loading
 * its file comes by is its folder's; and what was run on one bus is not run on the other.
 */
export function coveringTests({ id, folder }: Mutant, covered: Covered[]): Covered[] {
  const isOwn = ({ file }: Covered) => file.startsWith(`server/${folder}/`)
  const running = covered.filter(({ running }) => running.includes(id))
  const loading = covered.filter((each) => isOwn(each) && each.loading.includes(id))
  const byTime = onOneBus(running.length > 0 ? running : loading).toSorted((a, b) => a.ms - b.ms)
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
