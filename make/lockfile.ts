import { readFileSync } from 'node:fs'

/** A package as package-lock.json has it. */
export interface Locked {
  /** `sharp`; the same may be there in several versions. */
  name: string
  version: string
  licence: string
  integrity: string
  /** Where from, when that is not left to the registry. */
  resolved: string | undefined
  hasScript: boolean
  deprecated: string | undefined
  isForDevelopment: boolean
}

type Entry = Record<string, unknown> & { name: string }

interface Lock {
  packages: Record<string, Record<string, unknown>>
}
export interface Manifest {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  allowScripts: Record<string, boolean>
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))

export const manifest = (): Manifest => read('package.json')

/** Of old packages, which say it where npm does not look: in `licenses`, or in their readme alone. */
const saidElsewhere: Record<string, string> = {
  'busboy@1.6.0': 'MIT',
  'humanize-number@0.0.2': 'MIT',
  'streamsearch@1.1.0': 'MIT',
}

/** Every package that is installed somewhere, in the order of their names. */
export const packages = (lock: Lock = read('package-lock.json')): Locked[] =>
  Object.entries(lock.packages)
    .filter(([path]) => path)
    .map(([path, entry]) => ({ ...entry, name: path.replace(/^.*node_modules\//, '') }) as Entry)
    .map((entry) => ({
      name: entry.name,
      version: String(entry.version),
      licence: String(entry.license ?? saidElsewhere[`${entry.name}@${entry.version}`] ?? ''),
      integrity: String(entry.integrity ?? ''),
      resolved: entry.resolved as string | undefined,
      hasScript: entry.hasInstallScript === true,
      deprecated: entry.deprecated as string | undefined,
      isForDevelopment: entry.dev === true || entry.devOptional === true,
    }))
    .sort((a, b) => (a.name === b.name ? compare(a.version, b.version) : compare(a.name, b.name)))

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))
