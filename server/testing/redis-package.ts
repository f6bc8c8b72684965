import { execFileSync } from 'node:child_process'
import { unpackProgram } from './system-package.ts'

/**
 * A redis-server unpacked from this system's packages; the path of the program.
 * @throws Error when the packages cannot be had
 */
export function unpackRedis(): string {
  const path = 'usr/bin/redis-check-rdb'
  return unpackProgram({ title: 'Redis', name: 'redis-server', packages: ['redis-tools'], path, runs })
}

/** The same of its redis-cli. */
export function unpackRedisCli(): string {
  const path = 'usr/bin/redis-cli'
  const says = (program: string) => succeeds(program, '--version')
  return unpackProgram({ title: 'redis-cli', name: 'redis-cli', packages: ['redis-tools'], path, runs: says })
}

function succeeds(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

/** Whether it is a redis-server, version 7 or later. */
export function runs(program: string): boolean {
  return (majorVersion(program) ?? 0) >= 7
}

function majorVersion(program: string): number | undefined {
  try {
    return Number(
      /v=(\d+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8', stdio: 'pipe' }))?.[1],
    )
  } catch {
    return undefined
  }
}
