/** Up to two letters for someone without a picture: "Anna Maria Kowalska" → "AK". */
export function initials(name: string): string {
  const words = name.match(/\p{L}[\p{L}\p{M}]*/gu) ?? []
  const first = words[0] ?? name
  const last = words.length > 1 ? words.at(-1) : undefined
  return (letter(first) + (last ? letter(last) : '')).toLocaleUpperCase('pl')
}

const letter = (word: string) => [...word][0] ?? ''

/** The class of one of twelve colours, always the same for the same person. */
export function tint(id: number): string {
  return `tint-${Math.abs(id) % 12}`
}

/** For where there is little room. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? name
}

export const names = (people: { display_name: string }[]): string =>
  people.map((person) => person.display_name).join(', ')
