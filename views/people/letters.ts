import { fold } from './names.ts'

/** Those of the Polish alphabet that names begin with, and the three of foreign names. */
export const letters = [...'ABCĆDEFGHIJKLŁMNŃOÓPQRSŚTUVWXYZŹŻ']
const polish = new Set([...letters, 'Ą', 'Ę'])

/** The letter under which a name is listed: a foreign one as what it is made of; `#` for other signs. */
export function letterOf(name: string): string {
  const first = [...name.normalize('NFC')][0] ?? ''
  const letter = first.toLocaleUpperCase('pl')
  if (polish.has(letter)) return letter
  const plain = fold(first).toLocaleUpperCase('pl')
  return polish.has(plain) ? plain : /\p{L}/u.test(letter) ? letter : '#'
}
