import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { type Locked, manifest, packages } from './lockfile.ts'
import { broken, rules, unpinned } from './supply.ts'

test.each(rules.map(({ says }) => says))('each package %s', (says) => {
  expect(broken(packages(), manifest()).find((each) => each.says === says)!.names).toEqual([])
})

test('each that package.json names is named with its version', () => {
  expect(unpinned(manifest())).toEqual([])
  const loose = { a: '^1.2.3', b: 'latest', c: 'git+https://example.org/c.git', d: '1.2', e: '1.2.3-beta.4' }
  expect(unpinned({ ...manifest(), dependencies: loose, devDependencies: {} })).toHaveLength(4)
})

const good: Locked = { ...packages().find(({ name }) => name === 'express')!, isForDevelopment: false }

test.each<[change: Partial<Locked>, rule: RegExp]>([
  [{ integrity: '' }, /hash/],
  [{ integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, /hash/],
  [{ resolved: 'git+ssh://git@github.com/a/b.git#0123' }, /registry/],
  [{ resolved: 'http://registry.npmjs.org/a/-/a-1.0.0.tgz' }, /registry/],
  [{ resolved: 'https://registry.npmjs.org.evil.example/a' }, /registry/],
  [{ version: 'undefined' }, /registry/],
  [{ hasScript: true }, /script/],
  [{ deprecated: 'use another' }, /deprecated/],
  [{ licence: '' }, /licence that is known/],
  [{ licence: 'AGPL-3.0' }, /licence that is known/],
  [{ licence: 'LGPL-3.0' }, /copyleft/],
])('a package with %j is found', (change, rule) => {
  expect(broken([good], manifest()).flatMap(({ names }) => names)).toEqual([])
  const found = broken([{ ...good, ...change }], manifest()).filter(({ names }) => names.length > 0)
  expect(found.map(({ says }) => says)).toEqual([expect.stringMatching(rule)])
})

/** What the registry answers when it is asked for holes. */
let advisories: object | undefined
const listing = { name: 'express', versions: { [good.version]: { name: 'express', version: good.version } } }
const registry = createServer((req, res) => {
  req.resume().on('end', () => {
    // In which of its versions a package has the hole npm works out by itself.
    const asked = req.method === 'GET' ? listing : advisories
    if (asked) res.setHeader('content-type', 'application/json').end(JSON.stringify(asked))
    else res.writeHead(405).end()
  })
}).listen(0, '127.0.0.1')
afterAll(() => registry.close())

const audit = () =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'audit.ts')], {
    cwd: join(import.meta.dirname, '..'),
    env: {
      ...process.env,
      npm_config_registry: `http://127.0.0.1:${(registry.address() as { port: number }).port}/`,
      npm_config_fetch_retries: '0',
    },
  }).then(
    ({ stdout }) => [0, stdout] as const,
    ({ code, stdout }) => [code, stdout] as const,
  )

const hole = { id: 1, url: 'x', title: 'Hole', severity: 'high', vulnerable_versions: '<=99.0.0' }
test.each<[what: string, answer: object | undefined, code: number, says: RegExp]>([
  ['that is not there', undefined, 0, /\? {3}known holes: the registry could not be asked/],
  ['that knows of none', {}, 0, / ok {3}none has a hole/],
  ['that knows of one', { express: [hole] }, 1, /FAIL {2}none has a hole[\s\S]*express .*: high/],
])('npm run audit, with a registry %s, says so', async (_, answer, code, says) => {
  advisories = answer
  const [exit, said] = await audit()
  expect(said).toMatch(says)
  expect(said).toMatch(/\d{3} packages in package-lock\.json\n ok {3}each has a hash/)
  expect(exit).toBe(code)
})
