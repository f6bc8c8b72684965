import { parseArgs } from 'node:util'

/** Whose mutants are looked at: the features that are published in real time, and the web they stand on. */
export const folders = [
  'live',
  'catchup',
  'messages',
  'conversations',
  'notifications',
  'presence',
  'typing',
  'reactions',
  'web',
]

export interface Options {
  /** The sample follows from it. */
  seed: number
  /** Mutants in the sample. */
  count: number
  folders: string[]
}

/** `--seed 1 --count 200 --folder live`. @throws Error that names what does not fit */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '200' },
      folder: { type: 'string', multiple: true, default: folders },
    },
  })
  const unknown = values.folder.find((folder) => !folders.includes(folder))
  if (unknown) throw new Error(`--folder must be one of ${folders.join(', ')}, not ${unknown}`)
  return { seed: whole('seed', values.seed), count: whole('count', values.count), folders: values.folder }
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value
  throw new Error(`--${name} must be a whole number`)
}
