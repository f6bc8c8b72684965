import { chmodSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

/** A new folder, removed after the run. PostgreSQL, which for root runs as another user, may enter it. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(inject('folder'), 'data-'))
  chmodSync(folder, 0o755)
  return folder
}
