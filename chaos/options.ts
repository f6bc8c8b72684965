import { parseArgs } from 'node:util'

export interface Options {
  /** The plan of the load and the schedule of faults follow from it. */
  seed: number
  messages: number
  /** Over which they are sent, and about as long as things go wrong. */
  seconds: number
  /** One worker and no Redis. */
  inProcess: boolean
  members: number
  conversations: number
}

/** `--seed 7 --messages 10000 --seconds 100 --in-process`. @throws Error that names what does not fit */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1e6)}` },
      messages: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: '100' },
      'in-process': { type: 'boolean', default: false },
    },
  })
  return {
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1),
    messages: whole('messages', values.messages, 100, 100_000),
    seconds: whole('seconds', values.seconds, 5, 600),
    inProcess: values['in-process'],
    members: 50,
    conversations: 20,
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new Error(`--${name} must be a whole number from ${least} to ${most}`)
}
