import { parseArgs } from 'node:util'
import { runCommand, usageError } from '../terminal/stop.ts'
import type { Command, Values } from './command.ts'
import { print } from './print.ts'

// Only the output of the command is shown, not the log.
process.env.LOG_LEVEL ||= 'silent'

/** Loaded on demand: the imports read the configuration, and take time. */
const commands: Record<string, () => Promise<Command>> = {
  'user:create': async () => (await import('./users.ts')).createUser,
  'user:deactivate': async () => (await import('./users.ts')).deactivateUser,
  'user:activate': async () => (await import('./users.ts')).activateUser,
  'user:describe': async () => (await import('./profile.ts')).describeUser,
  'user:password': async () => (await import('./users.ts')).setPassword,
  'conversation:restore': async () => (await import('./restore.ts')).restoreConversation,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./backup.ts')).restore,
  jobs: async () => (await import('./jobs.ts')).jobs,
  files: async () => (await import('./files.ts')).files,
  why: async () => (await import('./why.ts')).why,
  doctor: async () => (await import('./doctor.ts')).doctor,
}

const program = 'npm run admin --'

/** @returns the exit code: 0 on success, 1 on failure, 2 on wrong usage */
async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await showCommands()
    return name === undefined ? 2 : 0
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) throw usageError(`there is no command ${name}; ${program} --help lists them`)
  const command = await load()
  const values = read(command, args)
  if (values.help) showHelp(name, command)
  else return run(command, values)
  return 0
}

async function run(command: Command, values: Values): Promise<number> {
  if (command.isAlone) return command.run(values)
  const { connect } = await import('./connect.ts')
  const close = await connect()
  try {
    return await command.run(values)
  } finally {
    await close()
  }
}

function read({ options, argument }: Command, args: string[]): Values {
  const all = { ...options, help: { type: 'boolean', short: 'h' } } as const
  try {
    const { values, positionals } = parseArgs({
      args,
      options: all,
      allowPositionals: argument !== undefined,
    })
    if (argument && !values.help && positionals.length !== 1)
      throw new Error(`${argument} is missing, or one of several`)
    return { ...(values as Values), argument: positionals[0] }
  } catch (error) {
    throw usageError((error as Error).message.split('\n')[0]!)
  }
}

async function showCommands(): Promise<void> {
  print(`Usage: ${program} COMMAND [OPTIONS]\n`)
  for (const [name, load] of Object.entries(commands)) print(`  ${name.padEnd(22)}${(await load()).summary}`)
  print(
    `\n${program} COMMAND --help explains a command. All of them use DATABASE_URL, REDIS_URL and DATA_DIR.`,
  )
}

function showHelp(name: string, { summary, help, argument }: Command): void {
  print(
    `${program} ${name}${argument ? ` ${argument}` : ''}${help.map(([option]) => ` [${option}]`).join('')}\n\n  ${summary}\n`,
  )
  for (const [option, meaning] of help) print(`  ${option.padEnd(22)}${meaning}`.trimEnd())
}

await runCommand('admin', () => main(process.argv.slice(2)))
