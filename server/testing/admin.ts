import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { bareEnvironment } from './environment.ts'

const main = join(import.meta.dirname, '../admin/main.ts')

/** `npm run admin -- …`, in a process of its own. */
export async function admin(
  command: string,
  { environment = {}, input = '' }: { environment?: Record<string, string>; input?: string },
): Promise<{ code: number; out: string; error: string }> {
  const env = { ...bareEnvironment(), ...environment } as NodeJS.ProcessEnv
  const child = spawn(process.execPath, [main, ...command.split(' ').filter(Boolean)], { env, stdio: 'pipe' })
  child.stdin.end(input)
  const [[code], out, error] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, out, error }
}
