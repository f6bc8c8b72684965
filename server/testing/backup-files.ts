import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type End, endName, type Manifest, manifestName } from '../backup/archive.ts'
import { readArchive } from '../backup/read.ts'
import { ArchiveWriter } from '../backup/write.ts'
import { emptyFolder } from './folder.ts'

const newPath = () => join(emptyFolder(), 'backup')

export function written(content: Uint8Array): string {
  const path = newPath()
  writeFileSync(path, content)
  return path
}

/** The file without its last bytes. */
export const cutShort = (path: string) => written(readFileSync(path).subarray(0, -100))

/** The file with one bit in its middle turned over. */
export function flipped(path: string): string {
  const content = readFileSync(path)
  content[content.length >> 1]! ^= 1
  return written(content)
}

export interface Edit {
  manifest?(manifest: Manifest): unknown
  /** Another content; undefined leaves the entry out. */
  entry?(name: string, content: string): string | undefined
  more?: Record<string, string>
  end?(end: Omit<End, 'sha256'>): unknown
}

/** The same backup with other parts, which its checksum confirms. */
export async function edited(path: string, edit: Edit): Promise<string> {
  const made = newPath()
  const writer = new ArchiveWriter(made, undefined)
  const entries: [string, string][] = []
  const { manifest, end } = (await readArchive(path, undefined, async ({ name, content }) => {
    entries.push([name, (await buffer(content)).toString('latin1')])
    return undefined
  }))!
  edit.manifest?.(manifest)
  edit.end?.(end)
  await writer.add(manifestName, JSON.stringify(manifest))
  for (const [name, content] of [...entries, ...Object.entries(edit.more ?? {})]) {
    const changed = edit.entry ? edit.entry(name, content) : content
    if (changed !== undefined && name !== endName) await writer.add(name, Buffer.from(changed, 'latin1'))
  }
  await writer.finish(end)
  return made
}

/** What is in a folder, however deep. */
export const everythingIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
