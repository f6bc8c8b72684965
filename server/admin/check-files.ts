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
  const says = `${named.what} older than a day: ${found.known} known, ${found.unknown.length} unknown`
  const why = await doubtOf(found)
  return why
    ? warn(
        'files',
        `${says}; nothing is removed, because ${why}`,
        'restore a newer backup, or correct DATA_DIR; to remove them: “admin files --discard”',
      )
    : ok('files', says)
}
