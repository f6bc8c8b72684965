import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { link, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Takes `folder` for this process; the answer gives it back. A lock whose process is gone is taken over.
 * @throws Error when another running process holds it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'rozmowa.pid')
  const mine = `${path}.${process.pid}`
  const lock = `${process.pid}\n${startOf(process.pid)}\n`
  await writeFile(mine, lock).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`DATA_DIR ${folder} cannot be written to: ${error.code}`)
  })
  try {
    while (!(await takeLock(mine, path))) await removeStale(path, folder)
  } finally {
    await rm(mine, { force: true })
  }
  return async () => {
    if ((await readFile(path, 'utf8').catch(() => '')) === lock) await rm(path, { force: true })
  }
}

/** A link appears whole or not at all, so nobody ever reads half a lock. */
async function takeLock(mine: string, path: string): Promise<boolean> {
  return link(mine, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

/** Renamed before it is removed: of two that find it stale only one gets it. */
async function removeStale(path: string, folder: string): Promise<void> {
  refuseLive(await readFile(path, 'utf8').catch(() => ''), folder)
  const aside = `${path}.${process.pid}.stale`
  await rename(path, aside).catch(() => {})
  const removed = await readFile(aside, 'utf8').catch(() => '')
  try {
    refuseLive(removed, folder)
  } catch (error) {
    await link(aside, path).catch(() => {})
    throw error
  } finally {
    await rm(aside, { force: true })
  }
}

/** The start time distinguishes a process from a later one that has the same number, as in every new container. */
function refuseLive(lock: string, folder: string): void {
  const [pid, start] = lock.split('\n')
  if (Number(pid) && start && startOf(Number(pid)) === start) {
    throw new Error(`DATA_DIR ${folder} is in use by process ${pid}: stop it, or set another DATA_DIR`)
  }
}

/** When a process started, in words that no other process of this machine shares with it; '' when there is none. */
function startOf(pid: number): string {
  if (!existsSync('/proc/self/stat')) {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? ''
  }
  const ticks = statOf(pid).split(' ')[19]
  return ticks ? `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}` : ''
}

/**
 * Ends a PostgreSQL that outlived its service, and frees the cluster from a lock whose number now belongs to
 * another program. One that crashed needs nothing: PostgreSQL sees for itself that its process is gone.
 */
export async function stopLeftover(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid')
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!pid || !isAlive(pid)) return
  if (await isServing(pid, cluster)) return endProcess(pid)
  // PostgreSQL takes its parent's number for a stale one. The file itself stays: it also names the shared memory
  // by which PostgreSQL sees that processes of the crashed server are still at the data.
  await writeFile(path, [process.pid, ...lines.slice(1)].join('\n'), { flag: 'r+' })
}

/** Fast shutdown; if that takes too long, at once, which costs a recovery at the next start. */
export async function endProcess(pid: number): Promise<void> {
  for (const [signal, seconds] of [
    ['SIGINT', 8],
    ['SIGQUIT', 5],
    ['SIGKILL', 2],
  ] as const) {
    if (!isRunning(pid)) return
    process.kill(pid, signal)
    for (const end = Date.now() + seconds * 1000; isRunning(pid) && Date.now() < end; ) await sleep(20)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A process that ended counts as alive until its parent asks, which does not happen in a container without an init. */
function isRunning(pid: number): boolean {
  return isAlive(pid) && !statOf(pid).startsWith('Z')
}

/** Linux's fields of a process, from its state on; '' elsewhere. */
function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? ''
  } catch {
    return ''
  }
}

/** The server stands in the folder of its data. */
async function isServing(pid: number, cluster: string): Promise<boolean> {
  if (existsSync('/proc/self')) return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === cluster
  const command =
    spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
  return command.includes(`-D ${cluster}`)
}
