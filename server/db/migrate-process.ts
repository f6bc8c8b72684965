import type { Outcome } from './migrate.ts'
import { applyMissing } from './migrations.ts'

/** Forked by `migrate`; when that one is gone, what is not done is given up, and rolled back. */

const answer = (outcome: Outcome) => process.send?.(outcome, () => process.exit())

process.once('disconnect', () => process.exit())
process.once('message', ({ url, mayRegister }: { url: string; mayRegister?: boolean }) => {
  applyMissing(url, mayRegister).then(
    () => answer('done'),
    (error: Error) => answer({ failed: error.message }),
  )
})
