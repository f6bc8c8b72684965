import { namedFiles } from '../attachments/sweep.ts'
import { isDoubtful, type Named, survey } from '../attachments/tidy.ts'
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
  return isDoubtful(found)
    ? warn(
        'files',
        `${says} to the database; nothing is removed`,
        'restore a newer dump, or correct DATA_DIR; if they may go: “admin files --discard”',
      )
    : ok('files', says)
}
