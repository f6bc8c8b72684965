import { limits } from '../../server/contract/limits.ts'

/** Below this everything is noise, and is not made louder. */
const quietest = 0.1

/** How loud a recording is, as so many peaks of 0 to 100; the loudest is 100. @param levels 0 to 1, equally far apart */
export function peaksOf(levels: readonly number[], count: number = limits.voicePeaks): number[] {
  if (levels.length === 0) return [0]
  const loudest = Math.max(quietest, ...levels)
  const length = Math.min(count, levels.length)
  const start = (peak: number) => Math.floor((peak * levels.length) / length)
  return Array.from({ length }, (_, i) =>
    Math.round((100 * Math.max(...levels.slice(start(i), start(i + 1)))) / loudest),
  )
}
