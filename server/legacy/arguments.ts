import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { usageError } from '../terminal/stop.ts'

export const usage = `Usage: npm run migrate:legacy -- [--dry-run] [--undo] [--uploads DIR] [--report FILE]

Moves the portal's old inbox in the database of DATABASE_URL to conversations. The old tables stay as they are.

  --dry-run      do everything, check everything, keep nothing
  --undo         remove what was moved, unless members have written there since
  --uploads DIR  where the portal keeps the attachments' files; they are copied to DATA_DIR
  --report FILE  write what was done as JSON
  --help         this text
`

export interface Arguments {
  dryRun: boolean
  undo: boolean
  uploads: string | undefined
  report: string | undefined
  help: boolean
}

/** @throws Stop with code 2 */
export function readArguments(args: string[]): Arguments {
  const { 'dry-run': dryRun, undo, uploads, report, help } = parse(args)
  if (undo && uploads !== undefined) throw wrong('--undo does not take --uploads')
  if (uploads !== undefined && !isFolder(uploads)) throw wrong(`--uploads: ${uploads} is not a folder`)
  if (report !== undefined && (!isFolder(dirname(report)) || isFolder(report)))
    throw wrong(`--report: ${report} cannot be written`)
  return { dryRun, undo, uploads, report, help }
}

function parse(args: string[]) {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  const options = { 'dry-run': flag, undo: flag, uploads: text, report: text, help: { ...flag, short: 'h' } }
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw wrong((error as Error).message)
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
const wrong = (reason: string) => usageError([reason, 'See --help.'])
