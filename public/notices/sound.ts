/** Two short, quiet tones, one above the other. Frequency in Hz and start in seconds. */
const tones = [
  [660, 0],
  [880, 0.12],
] as const
const toneSeconds = 0.22
const volume = 0.06

/** The first touch of a page is what lets it be heard: browsers say no before. */
export const canRing = (): boolean =>
  'AudioContext' in globalThis && navigator.userActivation?.hasBeenActive !== false

export async function ring(): Promise<void> {
  const context = new AudioContext()
  await context.resume()
  for (const [frequency, start] of tones) tone(context, frequency, context.currentTime + start)
  setTimeout(() => void context.close(), 1000)
}

function tone(context: AudioContext, frequency: number, at: number): void {
  const gain = new GainNode(context, { gain: 0 })
  const oscillator = new OscillatorNode(context, { frequency })
  oscillator.connect(gain).connect(context.destination)
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(volume, at + 0.01)
  gain.gain.exponentialRampToValueAtTime(0.0001, at + toneSeconds)
  oscillator.start(at)
  oscillator.stop(at + toneSeconds)
}
