import { parseArgs } from 'node:util'
import { openPostgres } from '../db/address.ts'

/** `psql --command …` of a guide: role and database `rozmowa` are `AS`, so that tests keep out of each other's way. */
const { values } = parseArgs({ options: { command: { type: 'string' } } })
const { SERVER_URL, AS } = process.env
const sql = openPostgres(SERVER_URL!, { max: 1 })
await sql.unsafe(values.command!.replaceAll('rozmowa', AS!))
await sql.end()
