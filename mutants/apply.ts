import { stripTypeScriptTypes } from 'node:module'
import type { Mutant } from './find.ts'

/** The text of a file with the fault in it. @returns undefined when it is no program any more */
export function apply({ start, end, replacement }: Mutant, text: string): string | undefined {
  const mutated = text.slice(0, start) + replacement + text.slice(end)
  try {
    stripTypeScriptTypes(mutated)
    return mutated
  } catch {
    return undefined
  }
}
