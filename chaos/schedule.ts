import type { Random } from './random.ts'

export const kinds = {
  both: ['kill a worker', 'kill all workers', 'cut sockets', 'end database connections'],
  redisOnly: ['freeze Redis', 'kill Redis'],
  once: ['restart PostgreSQL'],
} as const

export type Kind = (typeof kinds)[keyof typeof kinds][number]

export interface Planned {
  /** ms after the beginning */
  at: number
  kind: Kind
  /** How long it lasts, for what ends by itself: ms. */
  lasts: number
  /** How much of what there is meets it. */
  share: number
}

/** How often each comes, compared to the others. */
const weights: Partial<Record<Kind, number>> = {
  'kill a worker': 4,
  'cut sockets': 4,
  'end database connections': 3,
  'freeze Redis': 3,
  'kill Redis': 3,
}

/**
 * What goes wrong when. Every kind comes at least once, if the time allows, and PostgreSQL is restarted once; the
 * same seed gives the same schedule.
 * @param time ms
 */
export function plan(random: Random, time: number, inProcess: boolean): Planned[] {
  const all: Kind[] = inProcess ? [...kinds.both] : [...kinds.both, ...kinds.redisOnly]
  const weighted = all.flatMap((kind) => Array<Kind>(weights[kind] ?? 1).fill(kind))
  // Every so often, and the shorter the time the thicker.
  const pause = Math.min(4000, time / 6)
  const planned: Planned[] = []
  const first = random.shuffle([...all, ...kinds.once])
  for (let at = 1000; at < time; at += random.between(pause / 4, pause)) {
    const kind = first.pop() ?? random.pick(weighted)
    const lasts = random.between(300, Math.min(5000, time / 5))
    planned.push({ at: Math.round(at), kind, lasts: Math.round(lasts), share: random.between(0.1, 1) })
  }
  return planned
}
