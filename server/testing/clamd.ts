import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unpackProgram } from './system-package.ts'

export interface Scanner {
  /** For CLAMD_URL. */
  url: string
  stop(): Promise<void>
}

/** A signature of clamd's: the MD5 of a file, its size and a name. */
export type Signature = `${string}:${number}:${string}`

/**
 * ClamAV's clamd, from this system's package, with nothing but these signatures; it listens on a socket in the folder.
 * @throws Error when the package cannot be had
 */
export async function startClamd(
  folder: string,
  signatures: Signature[],
  settings: string[] = [],
): Promise<Scanner> {
  const program = unpackProgram({
    title: 'ClamAV',
    name: 'clamd',
    packages: ['clamav-daemon'],
    path: 'usr/sbin/clamd',
    runs,
  })
  const socket = join(folder, 'clamd.ctl')
  const signed = join(folder, 'signatures')
  mkdirSync(signed, { recursive: true })
  writeFileSync(join(signed, 'own.hdb'), `${signatures.join('\n')}\n`)
  const lines = [
    `LocalSocket ${socket}`,
    `DatabaseDirectory ${signed}`,
    `TemporaryDirectory ${folder}`,
    'Foreground yes',
  ]
  writeFileSync(join(folder, 'clamd.conf'), `${[...lines, ...settings].join('\n')}\n`)
  const child = spawn(program, ['--config-file', join(folder, 'clamd.conf')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await listening(child, socket)
  return {
    url: `unix://${socket}`,
    async stop() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

function runs(program: string): boolean {
  try {
    // Its version it tells only with a configuration.
    return execFileSync(program, ['--help'], { encoding: 'utf8', stdio: 'pipe' }).includes('Clam AntiVirus')
  } catch {
    return false
  }
}

async function listening(child: ChildProcess, socket: string): Promise<void> {
  let said = ''
  for (const output of [child.stdout!, child.stderr!])
    output.on('data', (piece) => {
      said += piece
    })
  while (!existsSync(socket)) {
    if (child.exitCode !== null) throw new Error(`clamd does not start: ${said}`)
    await sleep(50)
  }
}
