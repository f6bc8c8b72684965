import { delimiter, join } from 'node:path'
import { hasVersion, unpackProgram } from './system-package.ts'

/**
 * The path of a curl: from PATH, else unpacked from this system's packages.
 * @throws Error when it cannot be had
 */
export function findCurl(): string {
  const installed = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'curl'))
    .find(hasVersion)
  return (
    installed ??
    unpackProgram({ title: 'curl', name: 'curl', packages: ['curl'], path: 'usr/bin/curl', runs: hasVersion })
  )
}
