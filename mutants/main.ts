import { join } from 'node:path'
import { root } from './copy.ts'
import { readOptions } from './options.ts'
import { report, score } from './report.ts'
import { runMutants } from './run.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
/** The share of faults that tests have to detect. */
const wanted = 0.8

// The copies go with the process, and their databases with those who notice that it is gone.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

/** `npm run mutants -- --seed 1 --count 200`: exits with 0 when the tests see enough of the faults, else with 1. */
try {
  const options = readOptions(process.argv.slice(2))
  const judged = await runMutants({ ...options, root, cache: join(root, 'node_modules/.cache/mutants') }, say)
  process.stdout.write(report(judged))
  process.exitCode = score(judged) >= wanted ? 0 : 1
} catch (error) {
  process.stderr.write(`mutants: ${(error as Error).stack}\n`)
  process.exitCode = 1
}
process.exit()
