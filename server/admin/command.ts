import type { ParseArgsConfig } from 'node:util'

export type Options = NonNullable<ParseArgsConfig['options']>
export type Values = Record<string, string | boolean | undefined>

export interface Command {
  /** One line for the list of commands. */
  summary: string
  /** Options as shown by `--help`: the option, and its meaning. */
  help: [string, string][]
  options: Options
  /** What it takes besides options, and cannot do without; `argument` of the values. */
  argument?: string
  /** It connects to the database itself, if at all. */
  isAlone?: boolean
  /** @returns the exit code. @throws Stop */
  run(values: Values): Promise<number>
}
