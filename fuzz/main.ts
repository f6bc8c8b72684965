import { readOptions } from './options.ts'
import { report } from './report.ts'
import { startRig } from './rig.ts'
import { runFuzz } from './run.ts'

/** `npm run fuzz -- --seed 7`: exits with 0 when nothing was found, 1 when something was, or when that is unknown. */
try {
  const options = readOptions(process.argv.slice(2))
  process.stdout.write(`seed ${options.seed}: ${options.requests} requests\n`)
  const rig = await startRig()
  try {
    const outcome = await runFuzz(rig, options)
    process.stdout.write(report(options, outcome))
    process.exitCode = outcome.findings.size === 0 ? 0 : 1
  } finally {
    await rig.close()
  }
} catch (error) {
  process.stderr.write(`fuzz: ${(error as Error).stack}\n`)
  process.exitCode = 1
}
process.exit()
