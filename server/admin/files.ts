import { namedFiles } from '../attachments/sweep.ts'
import { discardUnknown, type Named, survey } from '../attachments/tidy.ts'
import { namedPictures } from '../previews/pictures.ts'
import type { Command } from './command.ts'
import { print } from './print.ts'

/** While the database is doubtful, unknown files are kept until an administrator discards them. */
export const files: Command = {
  summary: 'list files in DATA_DIR that the database does not know',
  help: [
    [
      '--discard',
      'move them to the trash, where they stay for 30 days, and are restored when referenced again',
    ],
  ],
  options: { discard: { type: 'boolean' } },
  async run({ discard }) {
    for (const named of [namedFiles, namedPictures]) await show(named, discard === true)
    return 0
  },
}

async function show(named: Named, discard: boolean): Promise<void> {
  const found = await survey(named)
  if (discard) await discardUnknown(named, found)
  const what = discard ? 'moved to the trash' : 'unknown'
  print(`${named.what}: ${found.known} known, ${found.unknown.length} ${what}`)
}
