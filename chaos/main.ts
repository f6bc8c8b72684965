import { readOptions } from './options.ts'
import { isWell, report } from './report.ts'
import { runChaos } from './run.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

/** `npm run chaos -- --seed 7`: exits with 0 when nothing was lost, 1 when something was, or when that is unknown. */
try {
  const options = readOptions(process.argv.slice(2))
  say(
    `seed ${options.seed}: ${options.messages} messages in ${options.seconds} s, ${options.faults.join(', ')}`,
  )
  const outcome = await runChaos(options, say)
  process.stdout.write(report(options, outcome))
  process.exitCode = isWell(options, outcome) ? 0 : 1
} catch (error) {
  process.stderr.write(`chaos: ${(error as Error).stack}\n`)
  process.exitCode = 1
}
process.exit()
