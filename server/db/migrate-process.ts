import type { Options, Outcome } from './migrate.ts'
import { applyMissing } from './migrations.ts'

/** Forked by `migrate`; when that one is gone, what is not done is given up, and rolled back. */

const answer = (outcome: Outcome) => process.send?.(outcome, () => process.exit())

process.once('disconnect', () => process.exit())
process.once('message', ({ url, options }: { url: string; options: Options }) => {
  applyMissing(url, options).then(
    () => answer('done'),
    (error: Error) => answer({ failed: error.message }),
  )
})
