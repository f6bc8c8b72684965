import { type Job, listJobs, retryJobs } from '../jobs/store.ts'
import { wrongUse } from '../terminal/stop.ts'
import type { Command } from './command.ts'
import { print, printTable } from './print.ts'

const most = 100

export const jobs: Command = {
  summary: 'show jobs that failed: mails, link previews, housekeeping',
  help: [
    ['--all', 'those that wait for their time, too'],
    ['--retry ID|all', 'try a failed one, or all of them, again now'],
  ],
  options: { all: { type: 'boolean' }, retry: { type: 'string' } },
  async run({ all, retry }) {
    if (retry !== undefined) return again(String(retry))
    const found = await listJobs({ all: all === true, limit: most })
    if (found.length === 0) print(all ? 'No jobs wait.' : 'No job has failed.')
    else printTable([['ID', 'TASK', 'ABOUT', 'TRIED', 'NEXT', 'ERROR'], ...found.map(row)])
    if (found.length === most) print(`Only the first ${most} are shown.`)
    return 0
  },
}

function row({ id, task, payload, attempts, max_attempts, error, run_at, is_running }: Job): string[] {
  const about = Object.entries(payload).map(([name, value]) => `${name.replace(/_id$/, '')} ${value}`)
  const next =
    attempts >= max_attempts ? 'given up' : is_running ? 'running' : run_at.slice(0, 19).replace('T', ' ')
  return [`${id}`, task, about.join(', '), `${attempts}/${max_attempts}`, next, error?.split('\n')[0] ?? '']
}

async function again(which: string): Promise<number> {
  const failed = await listJobs({ all: false, limit: 10_000 })
  if (which !== 'all' && !/^[1-9]\d*$/.test(which)) throw wrongUse('--retry takes the id of a job, or all')
  const ids = failed.map(({ id }) => id).filter((id) => which === 'all' || `${id}` === which)
  print(`${await retryJobs(ids)} of ${failed.length} failed jobs are tried again.`)
  return which === 'all' || ids.length > 0 ? 0 : 1
}
