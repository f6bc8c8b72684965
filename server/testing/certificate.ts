import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { emptyFolder } from './folder.ts'
import { unpackProgram } from './system-package.ts'

/** A certificate for localhost that signs itself. @returns the folder of fullchain.pem and privkey.pem */
export function selfSigned(): string {
  const folder = emptyFolder()
  const [key, certificate] = [join(folder, 'privkey.pem'), join(folder, 'fullchain.pem')]
  const path = 'usr/bin/openssl'
  const openssl = runsOpenssl('openssl')
    ? 'openssl'
    : unpackProgram({ title: 'OpenSSL', name: 'openssl', packages: ['openssl'], path, runs: runsOpenssl })
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const args = ['req', ...kind, ...names, '-keyout', key, '-out', certificate]
  execFileSync(openssl, args, { stdio: 'pipe' })
  return folder
}

function runsOpenssl(program: string): boolean {
  try {
    execFileSync(program, ['version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}
