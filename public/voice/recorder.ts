import { limits } from '../../server/contract/limits.ts'

/** How often it is measured how loud it is. */
const measureMs = 50

/** What browsers record, the best first; Safari has the last one alone. */
const types = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4']

export interface Recording {
  content: Blob
  durationMs: number
  /** 0 to 1, each for `measureMs`. */
  levels: number[]
}

/** Records the microphone, for `limits.voiceSeconds` at most. */
export class Recorder {
  /** Called as it goes on, and when it has ended by itself. */
  onTick: () => void = () => {}
  readonly levels: number[] = []
  isDone = false
  #stream: MediaStream
  #recorder: MediaRecorder
  #context = new AudioContext()
  #analyser: AnalyserNode
  #parts: Blob[] = []
  #startedAt = performance.now()
  #endedAt: number | undefined
  #timer: number

  /** @throws DOMException when the microphone may not be used, or there is none */
  static async start(): Promise<Recorder> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    try {
      return new Recorder(stream)
    } catch (error) {
      for (const track of stream.getTracks()) track.stop()
      throw error
    }
  }

  private constructor(stream: MediaStream) {
    this.#stream = stream
    const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type))
    this.#recorder = new MediaRecorder(stream, mimeType ? { mimeType, audioBitsPerSecond: 32_000 } : {})
    this.#recorder.addEventListener('dataavailable', ({ data }) => this.#parts.push(data))
    // The microphone was unplugged, or its use forbidden.
    this.#recorder.addEventListener('stop', () => this.#end())
    this.#analyser = this.#context.createAnalyser()
    this.#context.createMediaStreamSource(stream).connect(this.#analyser)
    this.#recorder.start(1000)
    this.#timer = setInterval(() => this.#measure(), measureMs)
  }

  get durationMs(): number {
    const elapsed = (this.#endedAt ?? performance.now()) - this.#startedAt
    return Math.max(1, Math.min(Math.round(elapsed), limits.voiceSeconds * 1000))
  }

  /** Ends it, if it has not ended by itself. */
  async stop(): Promise<Recording> {
    if (this.#recorder.state !== 'inactive') {
      const stopped = new Promise((resolve) =>
        this.#recorder.addEventListener('stop', resolve, { once: true }),
      )
      this.#recorder.stop()
      await stopped
    }
    this.#end()
    const type = this.#recorder.mimeType.split(';')[0]!
    return { content: new Blob(this.#parts, { type }), durationMs: this.durationMs, levels: this.levels }
  }

  #measure(): void {
    const samples = new Float32Array(this.#analyser.fftSize)
    this.#analyser.getFloatTimeDomainData(samples)
    this.levels.push(Math.min(1, Math.max(...samples.map(Math.abs))))
    if (this.durationMs >= limits.voiceSeconds * 1000) void this.stop()
    this.onTick()
  }

  #end(): void {
    if (this.isDone) return
    this.isDone = true
    this.#endedAt = performance.now()
    clearInterval(this.#timer)
    // The browser no longer shows that it listens.
    for (const track of this.#stream.getTracks()) track.stop()
    void this.#context.close()
    this.onTick()
  }
}
