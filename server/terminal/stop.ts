/** Ends a command with lines that say why and what to do; `code` is its exit code: 1, or 2 for wrong usage. */
export class Stop extends Error {
  readonly lines: string[]
  readonly code: 1 | 2

  constructor(lines: string | string[], code: 1 | 2 = 1) {
    super(Array.isArray(lines) ? lines[0] : lines)
    this.lines = Array.isArray(lines) ? lines : [lines.split('\n')[0]!]
    this.code = code
  }
}

export const usageError = (lines: string | string[]) => new Stop(lines, 2)

/**
 * Runs a command to its end, each line of what stopped it with its name before.
 * @param main gives its exit code
 */
export async function runCommand(name: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main()
  } catch (error) {
    const lines = error instanceof Stop ? error.lines : (await harmless(error)).split('\n')
    process.stderr.write(lines.map((line) => `${name}: ${line}\n`).join(''))
    process.exitCode = error instanceof Stop ? error.code : 1
  }
}

/** The message of any other error; loaded on demand, for it reads the configuration. */
const harmless = async (error: unknown) => (await import('../log.ts')).harmlessMessage(error)
