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
  /** The frames by name, each as it is on the wire: the whole frame, with its `event` or `type`. */
  server: Record<string, z.ZodType>
  client: Record<string, z.ZodType>
}

/** Browsers, which can set no header, name their access token here. */
export const SocketQuery = z.object({ token: z.string().optional() })

/** Every WebSocket: what speaks on one adds it here when it is loaded, as `mount` adds an endpoint. */
export const sockets: SocketDescription[] = []
