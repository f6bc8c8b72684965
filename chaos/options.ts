import { parseArgs } from 'node:util'
import { allFaults, type Fault } from './schedule.ts'

export interface Options {
  /** The plan of the load and the schedule of faults follow from it. */
  seed: number
  messages: number
  /** Over which they are sent, and about as long as things go wrong. */
  seconds: number
  /** One worker and no Redis. */
  inProcess: boolean
  faults: Fault[]
  members: number
  conversations: number
}

/**
 * `--seed 7 --messages 10000 --seconds 100 --in-process --faults frozen-postgres,full-disk`; all faults when none is named.
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
      faults: { type: 'string', default: allFaults.join() },
    },
  })
  return {
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1),
    messages: whole('messages', values.messages, 100, 100_000),
    seconds: whole('seconds', values.seconds, 5, 600),
    inProcess: values['in-process'],
    faults: values.faults.split(',').map(known),
    members: 50,
    conversations: 20,
  }
}

function known(name: string): Fault {
  const fault = allFaults.find((each) => each === name)
  if (fault) return fault
  throw new Error(`--faults knows no ${name}, only ${allFaults.join(', ')}`)
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new Error(`--${name} must be a whole number from ${least} to ${most}`)
}
