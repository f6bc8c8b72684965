import { parseArgs } from 'node:util'

export interface Options {
  /** All requests follow from it, and from what is answered. */
  seed: number
  requests: number
}

/** `--seed 7 --requests 20000`. @throws Error that names what does not fit */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1e6)}` },
      requests: { type: 'string', default: '20000' },
    },
  })
  return {
    seed: whole('seed', values.seed, 0, 2 ** 31 - 1),
    requests: whole('requests', values.requests, 1, 10_000_000),
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new Error(`--${name} must be a whole number from ${least} to ${most}`)
}
