import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { command, newHome } from '../testing/homes.ts'
import { hasVersion, unpackProgram } from '../testing/system-package.ts'

vi.setConfig({ testTimeout: 120_000 })

const BACKUP_PASSPHRASE = 'szesc slow o ktorych nikt nie wie'

test('without Rozmowa, age and tar read an encrypted backup', async () => {
  const age = unpackProgram({
    title: 'age',
    name: 'age',
    packages: ['age'],
    path: 'usr/bin/age',
    runs: hasVersion,
  })
  const folder = emptyFolder()
  const [sealed, plain] = [join(folder, 'backup.age'), join(folder, 'backup')]
  expect(await command(await newHome(), `backup ${sealed}`, { BACKUP_PASSPHRASE })).toMatchObject({ code: 0 })
  // It asks a terminal, and nothing else, for the passphrase.
  const child = spawn('script', ['-qec', `${age} --decrypt -o ${plain} ${sealed}`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdout.once('data', () => child.stdin.write(`${BACKUP_PASSPHRASE}\n`))
  expect(await once(child, 'exit')).toEqual([0, null])
  const archive = zstdDecompressSync(readFileSync(plain))
  const names = execFileSync('tar', ['--list'], { input: archive, encoding: 'utf8' }).trim().split('\n')
  expect([names[0], names.at(-1)]).toEqual(['manifest.json', 'end.json'])
  expect(names).toContain('secret')
})
