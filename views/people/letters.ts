import { fold } from './names.ts'

/** Those of the Polish alphabet that names begin with, and the three of foreign names. */
export const letters = [...'ABCĆDEFGHIJKLŁMNŃOÓPQRSŚTUVWXYZŹŻ']
const polish = new Set([...letters, 'Ą', 'Ę'])

/** Those that name_order() of drizzle/0031_people.sql takes for what they are made of; others stand by themselves. */
const foreign = new Set('ÀÁÂÃÄÅÇČÈÉÊËĚÌÍÎÏÒÔÕÖØÙÚÛÜŮÑŇŠŘŤĎÝŸŽ')

/** The letter under which a name is listed: a foreign one as what it is made of; `#` for other signs. */
export function letterOf(name: string): string {
  const first = [...name.normalize('NFC')][0] ?? ''
  const letter = first.toLocaleUpperCase('pl')
  if (polish.has(letter)) return letter
  if (foreign.has(letter)) return fold(first).toLocaleUpperCase('pl')
  return /\p{L}/u.test(letter) ? letter : '#'
}
