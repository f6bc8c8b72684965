import { namedFiles } from '../attachments/sweep.ts'
import { discardUnknown, type Named, survey } from '../attachments/tidy.ts'
import { namedPictures } from '../previews/pictures.ts'
import type { Command } from './command.ts'
import { print } from './print.ts'

/** What a doubtful database does not know is left alone until somebody says that it may go. */
export const files: Command = {
  summary: 'show files in DATA_DIR that the database does not know',
  help: [
    ['--discard', 'move them to the trash, which keeps them for 30 days and gives them back when known'],
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
