import type { ParseArgsConfig } from 'node:util'

export type Options = NonNullable<ParseArgsConfig['options']>
export type Values = Record<string, string | boolean | undefined>

/** Something an administrator can do. */
export interface Command {
  /** One line for the list of commands. */
  summary: string
  /** Options as `--help` shows them, one each: what to type and what it means. */
  help: [string, string][]
  options: Options
  /** It runs without a database, or finds out itself whether there is one. */
  isAlone?: boolean
  /** @returns the exit code. @throws Stop */
  run(values: Values): Promise<number>
}
