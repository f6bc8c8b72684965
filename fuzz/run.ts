import { readFile } from 'node:fs/promises'
import { Random } from '../chaos/random.ts'
import { password } from './actors.ts'
import { ApiDocument } from './document.ts'
import { judge } from './judge.ts'
import type { Options } from './options.ts'
import { Pool } from './pool.ts'
import { type Asked, makeRequest } from './requests.ts'
import type { Rig } from './rig.ts'
import { mustBeSignedIn, openScene, renew, type Scene } from './scene.ts'
import { type Answered, maxAnswerMs, send } from './send.ts'
import type { Means } from './values.ts'

export interface Finding {
  times: number
  /** The first request that showed it, and its number. */
  asked: Asked
  number: number
  answer: Answered | undefined
}

export interface Outcome {
  /** By what is wrong, and where. */
  findings: Map<string, Finding>
  /** Of all requests, by their status. */
  statuses: Map<number, number>
  /** Of each operation, how often it answered well. */
  successes: Map<string, number>
  slowest: { ms: number; name: string }
  seconds: number
  /** Of the worker, after a tenth of the requests and after all. MB */
  memory: [early: number, late: number]
}

/** After so many requests there is something new to ask for. */
const sceneLasts = 150
/** What a worker may hold when all is over. MB */
const maxMemory = 400

/** Asks, one request after the other: the same seed asks the same of a new database. */
export async function runFuzz({ service }: Rig, { seed, requests }: Options): Promise<Outcome> {
  const { address } = service
  const random = new Random(seed)
  const pool = new Pool()
  const scene = await openScene(address, pool)
  const document = new ApiDocument(await scene.actors[0]!.ask('GET', '/api/openapi.json'))
  const emails = scene.actors.map(({ email }) => email)
  const means: Means = { document, pool, emails, password }
  const outcome = emptyOutcome(document)
  const workers = await service.workers()
  const began = performance.now()
  let round: Asked['operation'][] = []
  for (let number = 1; number <= requests; number++) {
    if (number % sceneLasts === 0) await renew(scene, pool)
    if (round.length === 0) round = random.shuffle(document.operations)
    const asked = makeRequest(
      round.pop()!,
      random.pick(random.chance(0.6) ? scene.actors.slice(0, 2) : scene.actors),
      means,
      random.fork(number),
    )
    await ask(address, asked, number, document, scene, outcome, pool)
    if (number === Math.ceil(requests / 10)) outcome.memory[0] = await memoryOf(workers)
  }
  outcome.seconds = (performance.now() - began) / 1000
  outcome.memory[1] = await memoryOf(await service.workers())
  await mustBeWell(service, workers, scene, outcome)
  return outcome
}

const emptyOutcome = ({ operations }: ApiDocument): Outcome => ({
  findings: new Map(),
  statuses: new Map(),
  successes: new Map(operations.map(({ name }) => [name, 0])),
  slowest: { ms: 0, name: '' },
  seconds: 0,
  memory: [0, 0],
})

async function ask(
  address: string,
  asked: Asked,
  number: number,
  document: ApiDocument,
  scene: Scene,
  outcome: Outcome,
  pool: Pool,
): Promise<void> {
  const { name } = asked.operation
  const note = (what: string, answer?: Answered) => {
    const key = `${asked.isRouted ? name : 'elsewhere'}: ${what}`
    const known = outcome.findings.get(key)
    if (known) known.times++
    else outcome.findings.set(key, { times: 1, asked, number, answer })
  }
  const answer = await send(address, asked).catch((error) => error as Error)
  if (answer instanceof Error) return note(`has no answer within ${maxAnswerMs / 1000} s: ${answer.message}`)
  const { status, ms, body } = answer
  for (const what of judge(asked, answer, document, scene)) note(what, answer)
  outcome.statuses.set(status, (outcome.statuses.get(status) ?? 0) + 1)
  if (status < 300) outcome.successes.set(name, outcome.successes.get(name)! + 1)
  if (ms > outcome.slowest.ms) outcome.slowest = { ms, name }
  pool.harvest(body, name)
  keepTokens(body, asked, pool)
  if (status === 401) await mustBeSignedIn(asked.actor, scene.actors)
}

/** Tokens that were given to those who asked for them are theirs. */
function keepTokens(body: unknown, { actor }: Asked, pool: Pool): void {
  const { refresh_token } = Object(body)
  if (typeof refresh_token !== 'string') return
  pool.add('refresh_token', refresh_token)
  actor.secrets.delete(refresh_token)
}

/** Afterwards it serves as before, with the workers that it had, and has not complained. */
async function mustBeWell(
  service: Rig['service'],
  workers: number[],
  scene: Scene,
  { findings, memory }: Outcome,
): Promise<void> {
  const note = (what: string) => findings.set(`afterwards: ${what}`, undefined as never)
  if ((await service.workers()).join() !== workers.join()) note('a worker has crashed')
  if (memory[1] > maxMemory) note(`a worker holds ${memory[1]} MB`)
  const [keeper] = scene.keepers
  const { status } = await keeper!.tell('GET', '/api/conversations')
  if (status !== 200) note(`a member who did nothing is answered ${status}`)
  for (const [what, { last }] of service.complaints)
    if (!last.startsWith('{') || JSON.parse(last).level >= 50) note(`logged: ${what}`)
}

/** Resident. MB */
async function memoryOf(pids: number[]): Promise<number> {
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')))
  const sizes = texts.map((text) => Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0))
  return Math.round(Math.max(0, ...sizes) / 1024)
}
