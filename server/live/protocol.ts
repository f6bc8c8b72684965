import type { EventName, Events } from '../contract/events.ts'

const maxTries = 10
const pauseMs = 500

/** An event as it was published. */
export type StreamEvent = { [Name in EventName]: { event: Name; data: Events[Name] } }[EventName]

/** What sockets of a protocol write: texts of frames; a promise where a frame needs more than the event says. */
export type Frames = string[] | Promise<string[]>

/** The words in which a kind of client is told what happens. */
export interface Protocol {
  /** Where a session's client stands is kept under this name. */
  readonly name: string
  /**
   * What its clients are told of messages they missed: all that this one did not confirm; those of others that no client of
   * the user has got; or nothing.
   */
  readonly replays: 'unconfirmed' | 'undelivered' | 'nothing'
  /** The first frames. */
  greet(userId: number): string[]
  /** What is told of an event; nothing when there is no word for it. Asked once for all sockets of a worker. */
  translate(event: StreamEvent): Frames
}

const framesOf = new WeakMap<Protocol, WeakMap<Buffer, Frames>>()

/** The frames of a protocol for a frame of the stream. */
export function translated(protocol: Protocol, frame: Buffer): Frames {
  const known = framesOf.get(protocol) ?? new WeakMap<Buffer, Frames>()
  framesOf.set(protocol, known)
  const frames = known.get(frame) ?? persistently(() => protocol.translate(eventOf(frame)))
  // Whoever writes them hears of a failure; nobody may.
  if (!Array.isArray(frames)) frames.catch(() => {})
  known.set(frame, frames)
  return frames
}

/** A database that is away for a moment cuts nobody off. */
function persistently(translate: () => Frames): Frames {
  const frames = translate()
  return Array.isArray(frames) ? frames : frames.catch((error) => again(translate, error))
}

async function again(translate: () => Frames, error: unknown): Promise<string[]> {
  for (let tries = 0; tries < maxTries; tries++) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    try {
      return await translate()
    } catch {}
  }
  throw error
}

/** Its data are parsed only where somebody asks for them. */
function eventOf(frame: Buffer): StreamEvent {
  const end = frame.indexOf('\n')
  const event = frame.toString('latin1', 'event: '.length, end)
  const data = () => JSON.parse(frame.toString('utf8', end + '\ndata: '.length))
  return {
    event,
    get data() {
      return data()
    },
  } as StreamEvent
}
