import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'
import { unpackChromium } from './chromium-package.ts'

export interface Chromium {
  executablePath: string
  args: string[]
}

const names = ['chromium', 'chromium-browser', 'google-chrome']
const quiet = [
  ...['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  '--no-first-run',
]

/**
 * What Playwright launches: `CHROMIUM_PATH`, the one an npm package brings, a Chromium on the PATH, or one that
 * Playwright has installed. That of the package has no windows, and does the same for a third of the time.
 * @throws Error that says what to install
 */
export async function findChromium(): Promise<Chromium> {
  const executablePath = process.env.CHROMIUM_PATH || found()
  return { executablePath, args: process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet }
}

function found(): string {
  try {
    return unpackChromium()
  } catch (error) {
    const program = installed() ?? [chromium.executablePath()].find(existsSync)
    if (program) return program
    const why = (error as Error).message.split('\n').find((line) => /error/i.test(line))
    throw new Error(
      `The tests need Chromium: install it, or set CHROMIUM_PATH, or run "npx playwright install chromium" (${why})`,
    )
  }
}

function installed(): string | undefined {
  const folders = process.env.PATH?.split(delimiter) ?? []
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(runs)
}

/** Some systems put a program of that name on the PATH that only says where to get the browser. */
function runs(program: string): boolean {
  try {
    return existsSync(program) && execFileSync(program, ['--version'], { stdio: 'pipe' }).length > 0
  } catch {
    return false
  }
}
