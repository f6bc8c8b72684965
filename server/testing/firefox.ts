import { execFileSync } from 'node:child_process'
import { unpackProgram } from './system-package.ts'

/**
 * A Firefox, version 128 or later: `FIREFOX_PATH`, one on the PATH, or one unpacked from this system's packages.
 * Undefined, and said in a line, where the system has none to give.
 */
export function findFirefox(): string | undefined {
  const found = [process.env.FIREFOX_PATH, 'firefox', 'firefox-esr'].find((name) => name && runs(name))
  const program = found && path(found)
  if (program) process.stdout.write(`Firefox: ${program}\n`)
  return program ?? unpacked()
}

function unpacked(): string | undefined {
  const folder = 'usr/lib/firefox-esr'
  try {
    return unpackProgram({
      title: 'Firefox',
      name: 'firefox-esr',
      packages: ['firefox-esr'],
      path: `${folder}/firefox-esr`,
      inPlace: `${folder}/libxul.so`,
      runs,
    })
  } catch (error) {
    process.stdout.write(`Firefox: its tests are left out, for there is none (${(error as Error).message})\n`)
    return undefined
  }
}

/** Old ones, and programs of that name that only say where to get it, cannot be driven. */
function runs(program: string): boolean {
  try {
    const words = execFileSync(program, ['--version'], { encoding: 'utf8', stdio: 'pipe' })
    return Number(/Firefox (\d+)/.exec(words)?.[1]) >= 128
  } catch {
    return false
  }
}

const path = (program: string): string =>
  execFileSync('which', [program], { encoding: 'utf8', stdio: 'pipe' }).trim()
