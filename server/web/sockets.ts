import { z } from 'zod'

/** What is said of a WebSocket in asyncapi.json. */
export interface SocketDescription {
  /** Short and unique, such as `nodus`. */
  name: string
  /** Its path, such as `/api/v1/ws`. */
  address: string
  title: string
  description?: string
  /** How it is opened: by the session cookie, `Authorization: Bearer`, or `?token=`. */
  security: readonly ('session' | 'bearer' | 'token')[]
  /** The query with which it is opened. */
  query?: z.ZodType
  /** What the frames of the server say, by their names. */
  server: Record<string, z.ZodType>
  /** A whole frame as it is on the wire, such as `{event, data}`. Called when it is to be described. */
  frame(name: string, data: z.ZodType): z.ZodType
  /** The whole frames of clients, told apart by a field that holds their names. */
  client?: z.ZodDiscriminatedUnion
}

/** Browsers, which can set no header, name their access token here. */
export const SocketQuery = z.object({ token: z.string().optional() })

/** Every WebSocket: what speaks on one adds it here when it is loaded, as `mount` adds an endpoint. */
export const sockets: SocketDescription[] = []
