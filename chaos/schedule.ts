import type { Random } from './random.ts'

interface Habit {
  /** How often it comes, compared to the others; without one, once. */
  weight?: number
  /** What it cannot do without. */
  needs?: 'Redis' | 'disk' | 'standby' | 'no standby'
}

/** What goes wrong while it runs, by the name that `--faults` knows it by. */
const kinds = {
  'killed-worker': { weight: 4 },
  'killed-workers': { weight: 1 },
  'cut-sockets': { weight: 4 },
  'cut-connections': { weight: 3 },
  'frozen-redis': { weight: 3, needs: 'Redis' },
  'killed-redis': { weight: 3, needs: 'Redis' },
  'frozen-postgres': { weight: 2 },
  'read-only-postgres': { weight: 2 },
  'crashed-postgres': {},
  'failed-over-postgres': { weight: 2, needs: 'standby' },
  'restored-postgres': { needs: 'no standby' },
  'full-disk': { weight: 1, needs: 'disk' },
  'skewed-clock': { weight: 2 },
} as const satisfies Record<string, Habit>

/** What is wrong all the time. */
const standing = ['two-installations'] as const

export type Kind = keyof typeof kinds
export type Fault = Kind | (typeof standing)[number]

export const allKinds = Object.keys(kinds) as Kind[]
export const allFaults: Fault[] = [...allKinds, ...standing]

export const habitOf = (kind: Kind): Habit => kinds[kind]

export interface Planned {
  /** ms after the beginning */
  at: number
  kind: Kind
  /** How long it lasts, for what ends by itself: ms. */
  lasts: number
  /** How much of what there is meets it. */
  share: number
  /** The first of its kind, which waits for its turn where others would be left out. */
  isFirst: boolean
}

/**
 * What goes wrong when. Every kind comes at least once, if the time allows; the same seed gives the same schedule.
 * @param time ms
 */
export function plan(random: Random, time: number, chosen: Kind[]): Planned[] {
  const weighted = chosen.flatMap((kind) => Array<Kind>(habitOf(kind).weight ?? 0).fill(kind))
  // Every so often, and the shorter the time the thicker.
  const pause = Math.min(4000, time / Math.max(6, chosen.length))
  const planned: Planned[] = []
  const first = random.shuffle(chosen)
  for (let at = 1000; at < time; at += random.between(pause / 4, pause)) {
    const isFirst = first.length > 0
    const kind = first.pop() ?? (weighted.length > 0 ? random.pick(weighted) : undefined)
    if (!kind) break
    const lasts = random.between(300, Math.min(5000, time / 5))
    planned.push({
      at: Math.round(at),
      kind,
      lasts: Math.round(lasts),
      share: random.between(0.1, 1),
      isFirst,
    })
  }
  return planned
}
