/** A whole number in digits, and in nothing that only a programming language takes for one: 0x50, 1e3, 25MB. */
export const whole =
  (min: number, max: number) =>
  (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(number >= min && number <= max))
      throw new Error(`must be a whole number from ${min} to ${max}, in digits`)
    return number
  }

/** A part of all: 0 to 1. */
export function share(text: string): number {
  if (!/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/.test(text)) throw new Error('must be a number from 0 to 1, such as 0.1')
  return Number(text)
}

/** One of these words as it is written here. */
export const exactWord =
  <const T extends string>(...words: T[]) =>
  (text: string): T => {
    const found = words.find((each) => each === text)
    if (found === undefined) throw new Error(`must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`)
    return found
  }

/** One of these words, however its letters are written. */
export const word =
  <const T extends string>(...words: T[]) =>
  (text: string): T =>
    exactWord(...words)(text.toLowerCase())

/** Says nothing of the value, which is a secret. */
export const atLeast =
  (characters: number) =>
  (text: string): string => {
    if (text.length < characters) throw new Error(`must have at least ${characters} characters`)
    return text
  }

/** The same, of signs that a header can carry. */
export const visible =
  (characters: number) =>
  (text: string): string => {
    if (!/^[!-~]+$/.test(text))
      throw new Error('must consist of letters, digits and ASCII signs, without blanks')
    return atLeast(characters)(text)
  }
