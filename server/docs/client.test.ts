import { execFile } from 'node:child_process'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { emptyFolder } from '../testing/folder.ts'
import { startService } from '../testing/service.ts'

/** What programs of others do: a typed client is generated from the document that the service serves. */
const { anna, bartek, address } = await startService()
const conversation = await anna.talkTo(bartek)
const said = await bartek.say(conversation, 'Dzień dobry')

/** Right calls, of which each returns the answer, and what its type makes of it. */
const right: [call: string, status: number][] = [
  [
    `client.GET('/api/users/me').then(({ response, data }) => [response, data?.user.display_name.length])`,
    200,
  ],
  [
    `client.GET('/api/users', { params: { query: { query: 'bar', limit: 5 } } }).then(({ response, data }) =>
    [response, data?.users.map(({ id, company }) => [id + 1, company?.length])])`,
    200,
  ],
  [
    `client.GET('/api/conversations/{id}', { params: { path: { id: ${conversation} } } })
    .then(({ response, data }) => [response, data?.conversation.members?.length])`,
    200,
  ],
  [
    `client.GET('/api/conversations/{id}', { params: { path: { id: 999 } } })
    .then(({ response, error }) => [response, error?.code.length])`,
    404,
  ],
  [
    `client.GET('/api/conversations/{id}/messages', { params: { path: { id: ${conversation} }, query: { limit: 1 } } })
    .then(({ response, data }) => [response, data?.messages.map(({ content }) => content?.length)])`,
    200,
  ],
  [
    `client.POST('/api/conversations/{id}/messages', { params: { path: { id: ${conversation} } }, body: { content: 'x' } })
    .then(({ response, data }) => [response, data && 'message' in data && data.message.sender.username])`,
    201,
  ],
  [
    `client.PATCH('/api/messages/{id}', { params: { path: { id: ${said.id} } }, body: { content: 'x' } })
    .then(({ response, error }) => [response, error?.detail.length])`,
    403,
  ],
  [
    `client.POST('/api/messages/{id}/reactions', { params: { path: { id: ${said.id} } }, body: { emoji: '👍' } })
    .then(({ response, data }) => [response, data?.reaction.user_name])`,
    201,
  ],
  [
    `client.PATCH('/api/users/me/settings', { body: { text_size: 'large' } })
    .then(({ response, data }) => [response, data?.user.text_size === 'large'])`,
    200,
  ],
  [
    `client.GET('/api/users/presence', { params: { query: { ids: [${bartek.id}] } }, querySerializer: { array: { style: 'form', explode: false } } })
    .then(({ response, data }) => [response, data?.presences[0]?.is_online === false])`,
    200,
  ],
  [
    `client.POST('/api/presence/heartbeat', { body: {} }).then(({ response, data }) => [response, data])`,
    204,
  ],
  [
    `client.GET('/api/search', { params: { query: { q: 'dzień' } } })
    .then(({ response, data }) => [response, data?.results.map(({ excerpt }) => excerpt.length)])`,
    200,
  ],
]

/** Of which none may compile. */
const wrong = [
  `client.GET('/api/nothing')`,
  `client.PUT('/api/users/me')`,
  `client.GET('/api/conversations/{id}')`,
  `client.GET('/api/conversations/{id}', { params: { path: { id: 'x' } } })`,
  `client.GET('/api/conversations/{id}', { params: { path: { nr: 1 } } })`,
  `client.GET('/api/conversations', { params: { query: { filter: 'none' } } })`,
  `client.GET('/api/search')`,
  `client.POST('/api/conversations', { body: { user_id: 'x' } })`,
  `client.POST('/api/conversations/{id}/messages', { params: { path: { id: 1 } } })`,
  `client.POST('/api/conversations/{id}/messages', { params: { path: { id: 1 } }, body: { content: 7 } })`,
  `client.PATCH('/api/users/me/settings', { body: { text_size: 'gigantic' } })`,
  `client.GET('/api/users/me').then(({ data }) => data.user)`,
  `client.GET('/api/users/me').then(({ data }) => data?.user.password)`,
  `client.GET('/api/users/me').then(({ error }) => error?.nothing)`,
]

const compilerOptions = {
  strict: true,
  noEmit: true,
  target: 'esnext',
  module: 'nodenext',
  allowImportingTsExtensions: true,
  lib: ['esnext', 'dom', 'dom.iterable'],
  types: [],
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
}

const folder = emptyFolder()
const packages = join(import.meta.dirname, '../../node_modules')
const run = promisify(execFile)
const command = (name: string, ...args: string[]) =>
  run(process.execPath, [join(packages, '.bin', name), ...args], { cwd: folder, maxBuffer: 2 ** 24 })

const head = `import createClient from 'openapi-fetch'
import type { paths } from './api.ts'
const client = createClient<paths>({ baseUrl: '${address}', headers: { cookie: '${anna.cookie}' } })
export const calls = [
`
/** Of one line each, so that the compiler's lines are those of the calls. */
const write = (file: string, calls: string[]) =>
  writeFile(
    join(folder, file),
    `${head}${calls.map((call) => `async () => ${call.replaceAll('\n', ' ')},`).join('\n')}\n]\n`,
  )

await symlink(packages, join(folder, 'node_modules'))
await writeFile(join(folder, 'package.json'), '{"type":"module"}')
await writeFile(
  join(folder, 'tsconfig.json'),
  JSON.stringify({ compilerOptions, files: ['right.ts', 'wrong.ts'] }),
)
await write(
  'right.ts',
  right.map(([call]) => call),
)
await write('wrong.ts', wrong)
await command(
  'openapi-typescript',
  `${address}/api/openapi.json`,
  '--default-non-nullable=false',
  '-o',
  'api.ts',
)
const compiled = await command('tsc', '-p', '.', '--pretty', 'false').catch((failed) => failed)
/** What the compiler says, by file and number of the call. */
const complaints = new Map<string, string>(
  compiled.stdout
    .matchAll(/^(\w+\.ts)\((\d+),\d+\): error (.*)$/gm)
    .map(([, file, line, said]: string[]) => [`${file} ${Number(line) - head.split('\n').length}`, said!]),
)
const { calls } = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'right.ts')).href)

test.each(right.map(([call, status], i) => [call.replace(/\s+/g, ' ').slice(0, 90), status, i] as const))(
  '%s compiles, and is answered %i',
  async (_, status, i) => {
    expect(complaints.get(`right.ts ${i}`)).toBeUndefined()
    const [response, made] = await calls[i]()
    expect(response.status).toBe(status)
    if (status !== 204) expect(made).toBeTruthy()
  },
)

test.each(wrong.map((call, i) => [call, i] as const))('%s does not compile', (_, i) => {
  expect(complaints.get(`wrong.ts ${i}`)).toBeTruthy()
})

test('the compiler blames nothing but wrong calls', () => {
  expect([...complaints.keys()].filter((at) => !/^wrong\.ts \d+$/.test(at))).toEqual([])
})
