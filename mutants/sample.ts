import { Random } from '../chaos/random.ts'
import type { Mutant } from './find.ts'

/**
 * So many mutants, of each folder as many as of the others as long as it has any. What a folder's are does not hang
 * on which other folders are asked for, nor on how many.
 */
export function sample(mutants: Mutant[], { seed, count }: { seed: number; count: number }): Mutant[] {
  const byFolder = Map.groupBy(mutants, ({ folder }) => folder)
  const rows = [...byFolder].map(([folder, own]) => new Random(seed).fork(folder).shuffle(own))
  const rounds = Math.max(0, ...rows.map(({ length }) => length))
  const inTurn = Array.from({ length: rounds }, (_, round) => rows.flatMap((row) => row[round] ?? []))
  return inTurn.flat().slice(0, count)
}
