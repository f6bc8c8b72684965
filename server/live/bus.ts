import type { Publication } from './envelope.ts'

/** Carries committed changes to users, whichever worker their streams are in. */
export interface Publisher {
  /** Best effort: never throws and is never awaited; what it loses is found in PostgreSQL. */
  publish(publication: Publication): void
}

/** A worker's end of the fast path between workers, which hears everything: a worker picks the users it has. */
export interface Bus extends Publisher {
  close(): Promise<void>
}

/** What a worker does with what the bus brings. */
export interface Receiver {
  deliver(publication: Publication): void
  /** Called when what other processes publish begins to be lost, and when it arrives again. At first it does. */
  hears(isHearing: boolean): void
}

/** Connects one more end to a bus. */
export type ConnectBus = (receiver: Receiver) => Bus

/** The bus of a single process, without Redis. */
export function inProcessBus(): ConnectBus {
  const ends = new Set<Receiver>()
  let published: Publication[] = []
  const deliverAll = () => {
    const publications = published
    published = []
    for (const { deliver } of ends) for (const publication of publications) deliver(publication)
  }
  return (receiver) => {
    ends.add(receiver)
    return {
      publish(publication) {
        // Asynchronously, as with Redis: a handler has answered before its streams are written. What is published in one
        // turn of the event loop is delivered in one, which a stream writes to its socket at once.
        if (published.push(publication) === 1) setImmediate(deliverAll)
      },
      close: async () => void ends.delete(receiver),
    }
  }
}
