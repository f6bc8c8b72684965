import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const guide = readFileSync(join(import.meta.dirname, '../../docs/redundancy.md'), 'utf8')
const blocks = [...guide.matchAll(/^ *```\w*\n(.*?)^ *```$/gms)].map(([, text]) => text!.replace(/^ +/gm, ''))

/** The contents of a file as the guide to redundancy has them: a block that begins with the file's name. */
export function fromGuide(file: string): string {
  const block = blocks.find((each) => each.startsWith(`# ${file}`))
  if (!block) throw new Error(`docs/redundancy.md has no ${file}`)
  return block
}

/** The commands of the guide that contain these words, in its order. */
export const commandsFromGuide = (words: string): string[] =>
  blocks
    .flatMap((block) => block.replace(/\\\n/g, '').split('\n'))
    .filter((line) => !line.startsWith('#') && line.includes(words))
