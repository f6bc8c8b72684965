import type { EventName, Events } from '../contract/events.ts'

/** An event as it was published. */
export type StreamEvent = { [Name in EventName]: { event: Name; data: Events[Name] } }[EventName]

/** What sockets of a protocol write: texts of frames; a promise where a frame needs more than the event says. */
export type Frames = string[] | Promise<string[]>

/** The words in which a kind of client is told what happens. */
export interface Protocol {
  /** Where a session's client stands is kept under this name. */
  readonly name: string
  /** Whether its clients are told what they missed. */
  readonly resumes: boolean
  /** Whether that includes what their user sent meanwhile by other clients. */
  readonly replaysOwn: boolean
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
  const frames = known.get(frame) ?? protocol.translate(eventOf(frame))
  known.set(frame, frames)
  return frames
}

function eventOf(frame: Buffer): StreamEvent {
  const [, event, data] = /^event: (\w+)\ndata: (.*)\n\n$/.exec(`${frame}`)!
  return { event, data: JSON.parse(data!) } as StreamEvent
}
