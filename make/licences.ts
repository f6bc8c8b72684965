import { type Locked, packages } from './lockfile.ts'

/** Those that allow any use, as long as their text goes along. */
const permissive = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Public Domain',
  'Python-2.0',
  'Unlicense',
  '(MIT OR CC0-1.0)',
  'MIT OR Apache-2.0',
]
/** Those that ask for the source of what is changed in them, or of what is linked with them. */
const copyleft = [
  'LGPL-3.0',
  'LGPL-3.0-or-later',
  'MPL-2.0',
  'Apache-2.0 AND LGPL-3.0-or-later',
  'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
  '(GPL-3.0 OR LGPL-3.0 OR MPL-2.0)',
]

export const known: ReadonlySet<string> = new Set([...permissive, ...copyleft])
export const isCopyleft = (licence: string) => copyleft.includes(licence)

/** Why those of the service may be used as they are. */
export const reasons: { of: RegExp; why: string }[] = [
  {
    of: /^@img\/sharp-/,
    why: 'libvips is a shared library of its own, which is loaded as it was published and can be replaced.',
  },
  { of: /^web-push$/, why: 'MPL-2.0 asks for the source of what is changed in its files: nothing is.' },
  { of: /^libheif-js$/, why: 'libheif is a module of its own, run in a process of its own, unchanged.' },
  {
    of: /^dictionary-pl$/,
    why: 'Used under MPL-2.0: its files are read as they were published, and nothing in them is changed.',
  },
]

/** docs/licences.md */
export async function makeLicences(): Promise<string> {
  const all = packages()
  const [used, development] = [
    all.filter((each) => !each.isForDevelopment),
    all.filter((each) => each.isForDevelopment),
  ]
  return `# Licences

Of every package in package-lock.json, other systems' included; \`npm run make\` writes this file. Each package brings the
text of its licence: \`node_modules/NAME/LICENSE\`.

## Copyleft

Whoever passes the service on, changed or not, passes on the source of these packages too, or says where it is.

${reasons.map(({ of, why }) => `- ${listed(used.filter(({ name }) => of.test(name)))} — ${why}`).join('\n')}
- Only for development, not part of what runs: ${listed(development.filter(({ licence }) => isCopyleft(licence)))}.

## In the service

${byLicence(used)}

## Only for development

${byLicence(development)}
`
}

const byLicence = (all: Locked[]): string =>
  [...Map.groupBy(all, ({ licence }) => licence)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([licence, some]) => `**${licence}** (${some.length}): ${listed(some)}`)
    .join('\n\n')

const listed = (some: Locked[]): string =>
  [...Map.groupBy(some, ({ name }) => name)]
    .map(
      ([name, versions]) => `${name} ${[...new Set(versions.map(({ version }) => version))].join(' and ')}`,
    )
    .join(', ')
