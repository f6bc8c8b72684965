import { parseArgs } from 'node:util'
import { allFaults, type Fault } from './schedule.ts'

const redisKinds = ['single', 'sentinel', 'cluster'] as const

export interface Options {
  /** The plan of the load and the schedule of faults follow from it. */
  seed: number
  messages: number
  /** Over which they are sent, and about as long as things go wrong. */
  seconds: number
  /** One worker and no Redis. */
  inProcess: boolean
  /** A single one, one that Sentinels watch, or a Cluster: what is broken is the one that is needed. */
  redis: (typeof redisKinds)[number]
  /** PostgreSQL has a synchronous standby. */
  standby: boolean
  faults: Fault[]
  members: number
  conversations: number
}

/**
 * `--seed 7 --messages 10000 --seconds 100 --in-process --redis cluster --standby --faults
 * frozen-postgres,full-disk`; all faults when none is named.
 * @throws Error that names what does not fit
 */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1e6)}` },
      messages: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: '100' },
      'in-process': { type: 'boolean', default: false },
      redis: { type: 'string', default: 'single' },
      standby: { type: 'boolean', default: false },
      faults: { type: 'string', default: allFaults.join() },
    },
  })
  return {
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1),
    messages: whole('messages', values.messages, 100, 100_000),
    seconds: whole('seconds', values.seconds, 5, 600),
    inProcess: values['in-process'],
    redis: one('redis', redisKinds, values.redis),
    standby: values.standby,
    faults: values.faults.split(',').map((name) => one('faults', allFaults, name)),
    members: 50,
    conversations: 20,
  }
}

function one<T extends string>(option: string, all: readonly T[], name: string): T {
  const known = all.find((each) => each === name)
  if (known) return known
  throw new Error(`--${option} knows no ${name}, only ${all.join(', ')}`)
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new Error(`--${name} must be a whole number from ${least} to ${most}`)
}
