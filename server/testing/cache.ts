import { accessSync, chmodSync, constants, lstatSync, mkdirSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of this user's own for what tests fetch and unpack; kept between runs where there is a home for it. */
export function cacheFolder(): string {
  const home = process.env.XDG_CACHE_HOME || (homedir() && join(homedir(), '.cache'))
  return usable(home && join(home, 'rozmowa')) ?? temporary()
}

function usable(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK | constants.X_OK)
    return folder
  } catch {
    return undefined
  }
}

/** In a folder that all users share, one somebody else made ready for us is not to be trusted. */
function temporary(): string {
  const uid = process.getuid?.() ?? 0
  const folder = join(tmpdir(), `rozmowa-cache-${uid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!lstatSync(folder).isDirectory() || lstatSync(folder).uid !== uid)
    throw new Error(`${folder} belongs to another user: set HOME or TMPDIR`)
  chmodSync(folder, 0o700)
  return folder
}
