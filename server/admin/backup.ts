import { resolve } from 'node:path'
import { makeBackup } from '../backup/make.ts'
import type { Contents } from '../backup/read.ts'
import { checkBackup, restoreBackup } from '../backup/restore.ts'
import type { Command, Options, Values } from './command.ts'
import { reachDatabase } from './connect.ts'
import { readPassphrase } from './passphrase.ts'
import { print } from './print.ts'

const file: [string, string] = [
  '--passphrase-file FILE',
  'its first line is the passphrase; by default BACKUP_PASSPHRASE',
]
const options: Options = { 'passphrase-file': { type: 'string' } }
const passphraseOf = (values: Values) => readPassphrase(values['passphrase-file'] as string | undefined)

export const backup: Command = {
  summary: 'write database, files and secret into one file, while the service runs',
  argument: 'FILE',
  help: [file],
  options,
  isAlone: true,
  async run(values) {
    const path = resolve(values.argument as string)
    const passphrase = await passphraseOf(values)
    const { url, release } = await reachDatabase()
    try {
      const { rows, files, bytes, missing } = await makeBackup(url, path, passphrase)
      print(
        `${path}: ${messagesIn(rows)} messages, ${files} files of ${megabytes(bytes)}${passphrase ? ', encrypted' : ''}`,
      )
      if (missing > 0)
        print(`${missing} files that the database knows are not there; “admin doctor” says more.`)
      return 0
    } finally {
      await release()
    }
  },
}

export const restore: Command = {
  summary: 'put a backup in place of an empty database, all of it or nothing',
  argument: 'FILE',
  help: [
    ['--check', 'only read it from front to back, and say what is in it'],
    ['--replace', 'the database is not empty, and what it holds may go'],
    file,
  ],
  options: { ...options, check: { type: 'boolean' }, replace: { type: 'boolean' } },
  isAlone: true,
  async run(values) {
    const path = resolve(values.argument as string)
    const passphrase = await passphraseOf(values)
    if (values.check) {
      describe(path, 'is whole', await checkBackup(path, passphrase))
      return 0
    }
    const { url, release } = await reachDatabase(true)
    try {
      const restored = await restoreBackup(url, path, passphrase, values.replace === true)
      describe(path, 'is restored', restored)
      if (restored.hasOtherSecret)
        print(
          'SESSION_SECRET is not the one of the backup: unless you set that one, everybody signs in again.',
        )
      return 0
    } finally {
      await release()
    }
  },
}

function describe(path: string, state: string, { manifest, end }: Contents): void {
  print(`${path} ${state}: of ${manifest.made_at.slice(0, 16).replace('T', ' ')} UTC,`)
  print(
    `${messagesIn(end.rows)} messages, ${end.rows['public.users']} members, ${end.files} files of ${megabytes(end.bytes)}`,
  )
}

const messagesIn = (rows: Record<string, number>) => rows['public.messages'] ?? 0
const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`
