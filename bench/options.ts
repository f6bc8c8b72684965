import { parseArgs } from 'node:util'

export interface Options {
  /** Which benches; all of the table when empty. */
  names: string[]
  seconds: number | undefined
  /** A second. */
  rate: number | undefined
  /** For the Node of the service. */
  flags: string[]
}

export function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      rate: { type: 'string' },
      'cpu-prof': { type: 'boolean' },
    },
  })
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text))
  return {
    names: positionals,
    seconds: number(values.seconds),
    rate: number(values.rate),
    flags: values['cpu-prof'] ? ['--cpu-prof'] : [],
  }
}
