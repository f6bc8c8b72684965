/**
 * `npm run audit`: what can be said of the packages without a network, and the known holes where the registry can be
 * asked for them. Exits with 1 when a rule is broken, or a hole known.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { manifest, packages } from './lockfile.ts'
import { broken, unpinned } from './supply.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const mark = (isWell: boolean) => (isWell ? ' ok ' : 'FAIL')

function checkLock(): boolean {
  const all = packages()
  say(`${all.length} packages in package-lock.json`)
  const findings = broken(all, manifest())
  for (const { says, names } of findings)
    say(`${mark(names.length === 0)}  each ${says}${names.map((name) => `\n      ${name}`).join('')}`)
  const loose = unpinned(manifest())
  say(
    `${mark(loose.length === 0)}  each that package.json names is named with its version${loose.map((name) => `\n      ${name}`).join('')}`,
  )
  return loose.length === 0 && findings.every(({ names }) => names.length === 0)
}

interface Audited {
  metadata?: { vulnerabilities: { total: number } }
  vulnerabilities?: Record<string, { severity: string; range: string }>
}

/** @returns whether it has none; also when nobody could be asked, which is said */
async function askRegistry(): Promise<boolean> {
  const { stdout } = await promisify(execFile)('npm', ['audit', '--omit=dev', '--json'], {
    timeout: 60_000,
    maxBuffer: 2 ** 26,
  }).catch((failed) => failed as { stdout?: string })
  const { metadata, vulnerabilities = {} } = read(stdout)
  if (!metadata) {
    say('  ?   known holes: the registry could not be asked. Run this again where it can be.')
    return true
  }
  const holes = Object.entries(vulnerabilities).map(
    ([name, { severity, range }]) => `\n      ${name} ${range}: ${severity}`,
  )
  say(`${mark(holes.length === 0)}  none has a hole that the registry knows of${holes.join('')}`)
  return holes.length === 0
}

function read(text = ''): Audited {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

const isWell = [checkLock(), await askRegistry()].every(Boolean)
process.exitCode = isWell ? 0 : 1
