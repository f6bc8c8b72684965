import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { types } from '@babel/core'
import { Instrumenter } from '@stryker-mutator/instrumenter'

/** One small fault that a file of the sources could have. */
export interface Mutant {
  /** In the instrumented files. */
  id: string
  /** Another one for another text of the file. */
  key: string
  folder: string
  /** From the root of the checkout. */
  file: string
  line: number
  /** That line, without the blanks around it. */
  code: string
  mutator: string
  /** Where the original text stands, as offsets into the file. */
  start: number
  end: number
  original: string
  replacement: string
}

/** A file whose every mutant reports that it was come by. */
export interface Instrumented {
  file: string
  content: string
}

type Found = Awaited<ReturnType<Instrumenter['instrument']>>['mutants'][number]

/** What stands in a call of the log is for people, and no rule of the service. */
const ignorer = {
  shouldIgnore: ({ node }: { node: types.Node }) =>
    node.type === 'CallExpression' && isLog(node.callee) ? 'for people' : undefined,
}

const isLog = (callee: types.Node): boolean =>
  callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'log'

const silent = new Proxy({}, { get: () => () => false }) as never
const options = { plugins: null, excludedMutations: [], ignorers: [ignorer as never] }

/**
 * The mutants of folders of `server/`, as Stryker makes them, and the files as Stryker instruments them, in which a
 * mutant goes by its `id`.
 */
export async function findMutants(
  root: string,
  folders: string[],
): Promise<{ mutants: Mutant[]; instrumented: Instrumented[] }> {
  const names = folders.flatMap((folder) => sourcesIn(root, join('server', folder)))
  const files = names.map((name) => ({ name, content: readFileSync(join(root, name), 'utf8'), mutate: true }))
  const texts = new Map(files.map(({ name, content }) => [name, content]))
  const found = await new Instrumenter(silent).instrument(files, options)
  const mutants = found.mutants
    .filter(({ status }) => status !== 'Ignored')
    .map((each) => describe(each, texts.get(each.fileName)!))
  const instrumented = found.files.map(({ name, content }) => ({ file: name, content }))
  const isAsked = (each: Mutant) => !isEmptyQuery(each, texts.get(each.file)!) && !isUnsaid(each)
  return { mutants: mutants.filter(isAsked), instrumented }
}

function describe(found: Found, text: string): Mutant {
  const [start, end] = [offset(text, found.location.start), offset(text, found.location.end)]
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return {
    id: found.id,
    key: [found.fileName, digest, start, end, found.replacement].join(' '),
    folder: found.fileName.split('/')[1]!,
    file: found.fileName,
    line: found.location.start.line + 1,
    code: text.split('\n')[found.location.start.line]!.trim(),
    mutator: found.mutatorName,
    start,
    end,
    original: text.slice(start, end),
    replacement: found.replacement,
  }
}

/** Every test sees that a query is empty. */
const isEmptyQuery = ({ start, original, mutator }: Mutant, text: string): boolean =>
  mutator === 'StringLiteral' && original.startsWith('`') && /[\w>]/.test(text[start - 1] ?? '')

/** A line less in the log. */
const isUnsaid = ({ original, replacement }: Mutant): boolean =>
  replacement === ';' && original.startsWith('log.')

const sourcesIn = (root: string, folder: string): string[] =>
  globSync(`${folder}/*.ts`, { cwd: root })
    .filter((name) => !/\.(test|d)\.ts$/.test(name))
    .sort()

/** Stryker counts lines from 0. */
function offset(text: string, { line, column }: { line: number; column: number }): number {
  let start = 0
  for (let i = 0; i < line; i++) start = text.indexOf('\n', start) + 1
  return start + column
}
