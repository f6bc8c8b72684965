/** What is known of recordings, to be sent with them. */
export const soundOf = new WeakMap<File, { duration_ms: number; waveform: number[] }>()

/** As the upload takes it. */
export function soundQuery(file: File): string {
  const sound = soundOf.get(file)
  return sound ? `?duration_ms=${sound.duration_ms}&waveform=${sound.waveform}` : ''
}
