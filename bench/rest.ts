import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { print } from './measure.ts'
import { childrenOf, parentOf } from './processes.ts'
import type { Program, Stack } from './stack.ts'
import type { Figure } from './targets.ts'

const bareServer = "require('node:http').createServer((_, res) => res.end()).listen(0, '127.0.0.1')"

/**
 * What a service takes that nobody uses, beside a process that only listens. In MB of PSS as it would be on a machine
 * of its own: here the bench shares the pages of the program, and the kernel's figures are smaller.
 */
export async function benchRest(_stack: Stack, service: Program): Promise<Figure[]> {
  const floor = spawn(process.execPath, ['-e', bareServer], { stdio: 'ignore' })
  await sleep(30_000)
  const supervisor = parentOf(service.pid)
  const processes = [supervisor, ...childrenOf(supervisor)].map((pid) => ({
    name: nameOf(pid, supervisor),
    ...memoryOf(pid),
  }))
  const bare = memoryOf(floor.pid!)
  floor.kill()
  const total = sumOf(processes)
  print('Memory at rest, in MB', [
    ['', 'anonymous', 'of files', 'PSS'],
    row({ name: 'floor', ...bare }, 1),
    ...processes.map((each) => row(each, processes.length)),
    row({ name: 'service', ...total }, processes.length),
  ])
  return [{ target: 'rest', floor: pssOf(bare, 1), service: pssOf(total, processes.length) }]
}

interface Memory {
  anonymous: number
  /** Of the program and its libraries. */
  files: number
}

function memoryOf(pid: number): Memory {
  const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const of = (kind: string) => (Number(new RegExp(`^${kind}:\\s+(\\d+)`, 'm').exec(memory)![1]) * 1024) / 1e6
  return { anonymous: of('Anonymous'), files: of('Rss') - of('Anonymous') }
}

const sumOf = (all: Memory[]): Memory =>
  all.reduce((sum, { anonymous, files }) => ({
    anonymous: sum.anonymous + anonymous,
    files: sum.files + files,
  }))

/** All processes have the same files. */
const pssOf = ({ anonymous, files }: Memory, sharers: number) => anonymous + files / sharers

const row = ({ name, ...memory }: Memory & { name: string }, sharers: number) => [
  name,
  ...[memory.anonymous, memory.files, pssOf(memory, sharers)].map((mb) => mb.toFixed(1)),
]

function nameOf(pid: number, supervisor: number): string {
  if (pid === supervisor) return 'supervisor'
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('jobs') ? 'jobs' : 'worker'
}
