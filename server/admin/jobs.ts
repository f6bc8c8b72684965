import { retryJobs } from '../jobs/retry.ts'
import { type Job, listJobs } from '../jobs/store.ts'
import { usageError } from '../terminal/stop.ts'
import type { Command } from './command.ts'
import { print, printTable } from './print.ts'

const most = 100

export const jobs: Command = {
  summary: 'list failed jobs: mails, pushes, link previews, housekeeping, backups',
  help: [
    ['--all', 'include waiting jobs'],
    ['--retry ID|all', 'retry a failed job, or all of them, now'],
  ],
  options: { all: { type: 'boolean' }, retry: { type: 'string' } },
  async run({ all, retry }) {
    if (retry !== undefined) return again(String(retry))
    const found = await listJobs({ all: all === true, limit: most })
    if (found.length === 0) print(all ? 'No jobs are waiting.' : 'No jobs have failed.')
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
  if (which !== 'all' && !/^[1-9]\d*$/.test(which))
    throw usageError('--retry must be the id of a job, or all')
  const ids = failed.map(({ id }) => id).filter((id) => which === 'all' || `${id}` === which)
  print(`${await retryJobs(ids)} of ${failed.length} failed jobs are being retried.`)
  return which === 'all' || ids.length > 0 ? 0 : 1
}
