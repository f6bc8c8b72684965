import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Cache } from './cache.ts'
import { findMutants, type Instrumented } from './find.ts'
import { folders } from './options.ts'
import type { Test } from './protocol.ts'
import { type Runner, share } from './runner.ts'

/** What a test file comes by when nothing is wrong. */
export interface Covered extends Test {
  ms: number
  /** Of its text and of all the sources. */
  digest: string
  failed: string | undefined
  /** Ids of mutants. */
  running: string[]
  /** Those that only loading the file comes by. */
  loading: string[]
}

/** Where Redis carries what is published, or keeps what is known. */
const withRedis = ['live', 'catchup', 'presence', 'typing', 'web']
/** Long enough for every test file there is. Milliseconds. */
const limit = 300_000

/**
 * Every test file of the folders, with the mutants it comes by. Takes as long as they do, once for a text of the
 * sources. One that fails without any fault is left out.
 */
export async function measureCoverage(
  root: string,
  runners: Runner[],
  cache: Cache<Covered>,
  say: (text: string) => void,
): Promise<Covered[]> {
  const { instrumented } = await findMutants(root, folders)
  const sources = hash(instrumented.map(({ content }) => content).join())
  const tests = findTests(root).map((test) => ({
    ...test,
    digest: hash(sources + readFileSync(join(root, test.file), 'utf8')),
  }))
  const unknown = tests.filter((test) => {
    const covered = cache.get(nameOf(test))
    return covered?.digest !== test.digest || covered.failed
  })
  if (unknown.length > 0) say(`${unknown.length} test files are run once to see what they cover`)
  const found = await recorded(unknown, runners, instrumented)
  // Recording takes time, and a test may be about time.
  await share(found, runners, async (covered, runner) => {
    const { failed } = covered.failed ? await runner.run(covered, limit) : covered
    if (failed) say(`${nameOf(covered)} fails without any fault: ${failed}`)
    cache.set(nameOf(covered), { ...covered, failed })
  })
  return tests.map((test) => cache.get(nameOf(test))!).filter(({ failed }) => failed === undefined)
}

/** Runs tests in copies whose every mutant reports that it was come by. */
async function recorded(
  tests: Pick<Covered, keyof Test | 'digest'>[],
  runners: Runner[],
  instrumented: Instrumented[],
): Promise<Covered[]> {
  const found: Covered[] = []
  if (tests.length === 0) return found
  for (const runner of runners)
    for (const file of instrumented) runner.change(file.file, recording(file, mark(runner)))
  await share(tests, runners, async (test, runner) => {
    rmSync(mark(runner), { force: true })
    const ran = await runner.run(test, limit)
    found.push({ ...test, ...ran, ...marked(mark(runner)) })
  })
  for (const runner of runners) for (const { file } of instrumented) runner.change(file)
  return found
}

export const nameOf = ({ project, file }: Test): string => `${project} ${file}`
const mark = ({ copy }: Runner) => join(copy.folder, 'covered')
const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

function findTests(root: string): Test[] {
  const of = (folder: string, pattern: string) =>
    globSync(`server/${folder}/${pattern}`, { cwd: root }).sort()
  const named = (kind: string) => folders.flatMap((folder) => of(folder, `*.${kind}.test.ts`))
  const onBus = (folder: string) =>
    of(folder, '*.test.ts').filter((file) => !/\.(unit|process)\.test/.test(file))
  const under = (project: string, files: string[]) => files.map((file) => ({ project, file }))
  return [
    ...under('unit', named('unit')),
    ...under('processes', named('process')),
    ...under('in-process', folders.flatMap(onBus)),
    ...under('redis', withRedis.flatMap(onBus)),
  ]
}

/**
 * Whatever process loads it writes down which mutants it comes by, before it can be killed; each once, for the proxy
 * hears of a property only until the object in front of it has it.
 */
function recording({ content }: Instrumented, path: string): string {
  const before = `globalThis.isLoading9fa48 = true
globalThis.__stryker__ ??= (() => {
  const { appendFileSync } = process.getBuiltinModule('node:fs')
  const recorder = (when) => Object.create(new Proxy({}, {
    get: () => 0,
    set(_, id, value, counts) {
      appendFileSync(${JSON.stringify(path)}, when + ' ' + id + '\\n')
      return Reflect.defineProperty(counts, id, { value, writable: true })
    },
  }))
  return {
    mutantCoverage: { static: recorder('loading'), perTest: { running: recorder('running') } },
    get currentTestId() { return globalThis.isLoading9fa48 ? undefined : 'running' },
  }
})()`
  return `${before}\n${content}\nglobalThis.isLoading9fa48 = false\n`
}

function marked(path: string): Pick<Covered, 'running' | 'loading'> {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  const of = (when: string) => [
    ...new Set(lines.filter((line) => line.startsWith(when)).map((line) => line.slice(when.length))),
  ]
  return { running: of('running '), loading: of('loading ') }
}
