import { makeBackup } from './make.ts'
import type { Outcome, Wanted } from './scheduled.ts'

/** Forked by `scheduledBackup`; when that one is gone, what is not done is given up. */

const answer = (outcome: Outcome) => process.send?.(outcome, () => process.exit())

process.once('disconnect', () => process.exit())
process.once('message', ({ url, path, passphrase }: Wanted) => {
  makeBackup(url, path, passphrase).then(
    ({ files, bytes, missing }) => answer({ made: { files, bytes, missing } }),
    (error: Error) => answer({ failed: error.message }),
  )
})
