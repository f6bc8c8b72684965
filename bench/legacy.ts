import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import postgres from 'postgres'
import { perSecond, print } from './measure.ts'
import type { Stack } from './stack.ts'

const legacy = join(import.meta.dirname, '../server/legacy')
/** For 100,000 messages on two cores, in seconds. */
const most = 60

interface Report {
  seconds: number
  peak_memory_mib: number
}

/** An old inbox moved by the command as it is run: its time, and that its memory does not grow with the inbox. */
export async function benchLegacy(stack: Stack): Promise<void> {
  const rows = [['messages', 'time', '', 'peak memory', '']]
  for (const count of [20_000, 100_000]) {
    const { seconds, peak_memory_mib } = await move(stack, await portalOf(stack, count), count)
    rows.push([
      count.toLocaleString('en'),
      `${seconds.toFixed(1)} s`,
      perSecond(count / seconds),
      `${peak_memory_mib} MiB`,
      count === 100_000 ? `${seconds < most ? '✓' : '✗'} (< ${most} s)` : '',
    ])
  }
  print('Move of the old inbox, with start, checks and commit', rows)
}

/** @returns the address of a database with so many generated messages */
async function portalOf({ sql, databaseUrl }: Stack, count: number): Promise<string> {
  const name = `portal_${count}`
  await sql`create database ${sql(name)}`
  const url = new URL(databaseUrl)
  url.pathname = `/${name}`
  const portal = postgres(url.href, { max: 1, onnotice: () => {} })
  const fixture = (file: string) => readFileSync(join(legacy, 'fixtures', file), 'utf8')
  await portal.unsafe(fixture('schema.sql'))
  await portal.unsafe(`set generated.messages = ${count}`)
  await portal.unsafe(fixture('generated.sql'))
  await portal.end()
  return url.href
}

async function move({ log }: Stack, url: string, count: number): Promise<Report> {
  const report = join(dirname(log), `legacy-${count}.json`)
  const env = { PATH: process.env.PATH, DATABASE_URL: url, DATA_DIR: dirname(log) } as NodeJS.ProcessEnv
  const command = spawn(process.execPath, [join(legacy, 'main.ts'), '--report', report], {
    env,
    stdio: 'ignore',
  })
  const [code] = await once(command, 'exit')
  if (code !== 0) throw new Error(`the move ended with ${code}: ${await readFile(report, 'utf8')}`)
  return JSON.parse(await readFile(report, 'utf8'))
}
