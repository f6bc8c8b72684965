import { namedFiles } from '../attachments/sweep.ts'
import { doubtOf, type Named, survey } from '../attachments/tidy.ts'
import { sql } from '../db/client.ts'
import { namedPictures } from '../previews/pictures.ts'
import { type Finding, ok, warn } from './finding.ts'

/** Whether the database and DATA_DIR belong together. */
export async function checkFiles(): Promise<Finding[]> {
  const [there] = await sql`select to_regclass('message_attachments') as name`
  return there!.name ? [await check(namedFiles), await check(namedPictures)] : []
}

async function check(named: Named): Promise<Finding> {
  const found = await survey(named)
  const says = `of ${named.what} older than a day ${found.known} are known, ${found.unknown.length} unknown`
  const why = await doubtOf(found)
  return why
    ? warn(
        'files',
        `${says}; nothing is removed, for ${why}`,
        'restore a newer dump, or correct DATA_DIR; if they may go: “admin files --discard”',
      )
    : ok('files', says)
}
